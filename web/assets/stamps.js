// stamps lets a stamp be dragged on the picture of its sheet, or moved with the arrow keys. A form[data-stamp] names the
// stamp, a nested svg of the picture, whose units are the millimetres of the sheet; the fields right, lower and width of the
// form are the truth, what is seen follows them. Without script the same fields are typed and previewed by the server.
import { say } from "./lib/words.js";

for (const form of document.querySelectorAll("form[data-stamp]")) {
  const stamp = document.getElementById(form.dataset.stamp);
  if (stamp) place(form, stamp);
}

function place(form, stamp) {
  const sheet = stamp.ownerSVGElement;
  const W = Number(sheet.dataset.w), H = Number(sheet.dataset.h);
  const [, , sw, sh] = stamp.getAttribute("viewBox").split(" ").map(Number);
  const fields = { right: form.elements.right, lower: form.elements.lower, width: form.elements.width };
  const status = form.querySelector("[data-stamp-status]");
  form.querySelector("[data-stamp-hint]").hidden = false;
  stamp.setAttribute("tabindex", "0");
  stamp.setAttribute("role", "application");
  stamp.classList.add("cb-stamp--moves");

  const round = (n) => Math.round(n * 2) / 2;
  const within = (n, most) => Math.min(Math.max(n, 0), Math.max(most, 0));
  const read = () => ({ right: parseFloat(fields.right.value), lower: parseFloat(fields.lower.value), width: parseFloat(fields.width.value) });

  function show() {
    const at = read();
    if (![at.right, at.lower, at.width].every(Number.isFinite) || at.width <= 0) return; // still being typed
    stamp.setAttribute("x", W - at.right - at.width);
    stamp.setAttribute("y", H - at.lower - (at.width * sh) / sw);
    stamp.setAttribute("width", at.width);
    stamp.setAttribute("height", (at.width * sh) / sw);
  }
  function move(at) {
    at.width = Math.min(Math.max(at.width, 40), 140, W, (H * sw) / sh);
    fields.width.value = at.width = round(at.width);
    fields.right.value = round(within(at.right, W - at.width));
    fields.lower.value = round(within(at.lower, H - (at.width * sh) / sw));
    show();
  }
  const tell = () => {
    status.textContent = say(`離右邊 ${fields.right.value}、離下邊 ${fields.lower.value}、寬 ${fields.width.value} 公釐，尚未儲存`,
      `${fields.right.value} mm from the right, ${fields.lower.value} mm from below, ${fields.width.value} mm wide; not saved yet`);
    stamp.setAttribute("aria-label", status.textContent);
  };
  for (const f of Object.values(fields)) f.addEventListener("input", show);

  stamp.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const step = e.shiftKey ? 10 : 1;
    const by = { ArrowLeft: ["right", step], ArrowRight: ["right", -step], ArrowUp: ["lower", step], ArrowDown: ["lower", -step],
      "+": ["width", 1], "=": ["width", 1], "-": ["width", -1] }[e.key];
    if (!by) return;
    e.preventDefault();
    const at = read();
    at[by[0]] += by[1];
    move(at);
    tell();
  });

  // A pointer moves the stamp by as many millimetres of the sheet as it moves over it itself.
  let from = null;
  const spot = (e) => new DOMPoint(e.clientX, e.clientY).matrixTransform(sheet.getScreenCTM().inverse());
  stamp.addEventListener("pointerdown", (e) => {
    if (e.button !== 0) return;
    e.preventDefault();
    stamp.focus();
    stamp.setPointerCapture(e.pointerId);
    from = { p: spot(e), at: read() };
  });
  stamp.addEventListener("pointermove", (e) => {
    if (!from) return;
    const p = spot(e);
    move({ ...from.at, right: from.at.right - (p.x - from.p.x), lower: from.at.lower - (p.y - from.p.y) });
  });
  for (const end of ["pointerup", "pointercancel"]) stamp.addEventListener(end, () => { if (from) { from = null; tell(); } });
}
