// seals counts what is ticked for sealing, and ticks everything or nothing.
import { el, say } from "./lib/words.js";

for (const group of document.querySelectorAll("[data-seals]")) {
  const form = group.closest("form");
  const line = form.querySelector("[data-seals-count]");
  const boxes = [...group.querySelectorAll('input[type="checkbox"]:not(:disabled)')];
  if (!line || boxes.length === 0) continue;

  const all = el("button", { type: "button", class: "govuk-button govuk-button--secondary" });
  group.before(all);
  const ticked = () => boxes.filter((b) => b.checked).length;
  const show = () => {
    const n = ticked();
    all.textContent = n === boxes.length ? say("全部不選", "Pick none") : say("全選", "Pick all");
    line.textContent = say(`已勾選 ${n} 項，共 ${boxes.length} 項`, `${n} of ${boxes.length} ticked`);
  };
  all.addEventListener("click", () => {
    const on = ticked() < boxes.length;
    for (const b of boxes) b.checked = on;
    show();
  });
  group.addEventListener("change", show);
  show();
}
