// keep holds what is typed on this page in the tab's own storage while its person is sent away (the session ended, the
// language changed), and puts it back when the same person comes back to the same page.
import { el, say } from "./words.js";

const key = () => "typed:" + location.pathname;
const person = () => document.querySelector("[data-menu]")?.dataset.menu ?? "";

const holdable = (f) => f.name && !f.disabled && !["hidden", "password", "file", "submit", "button"].includes(f.type) && !/pass|pin|otp|secret/i.test(f.name) &&
  !["one-time-code", "off"].includes(f.autocomplete);

const forms = () => [...document.querySelectorAll("main form[method=post]")];

// keepTyped stores every field of every form of the page.
export function keepTyped() {
  const typed = forms().map((form) =>
    [...form.elements].filter(holdable).map((f) => ({
      name: f.name, value: f.value, checked: f.type === "radio" || f.type === "checkbox" ? f.checked : undefined,
    })));
  if (!typed.flat().length) return;
  try {
    sessionStorage.setItem(key(), JSON.stringify({ person: person(), typed }));
  } catch {
    // A full or forbidden storage keeps nothing; the page still works.
  }
}

// restoreTyped puts back what was kept for this page and this person, and says so.
export function restoreTyped() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(key()));
  } catch {
    return;
  }
  if (!kept) return;
  if (person() === "" && kept.person !== "") return; // not signed in again yet
  sessionStorage.removeItem(key());
  if (kept.person !== "" && kept.person !== person()) return;
  let changed = 0;
  forms().forEach((form, i) => {
    const seen = {};
    for (const { name, value, checked } of kept.typed[i] ?? []) {
      const n = (seen[name] = (seen[name] ?? -1) + 1);
      const f = [...form.elements].filter((x) => x.name === name && holdable(x))[n];
      if (!f || f.readOnly) continue;
      if (checked !== undefined ? f.checked !== checked : f.value !== value) {
        if (checked !== undefined) f.checked = checked;
        else f.value = value;
        changed++;
      }
    }
  });
  if (changed) {
    document.querySelector("main")?.prepend(el("div", { class: "flash", role: "status" },
      say("已放回您先前輸入、還沒送出的內容", "What you had typed and not yet sent is back")));
    document.dispatchEvent(new CustomEvent("typed:restored"));
  }
}

// forgetTyped drops everything that was kept, when somebody signs out.
export function forgetTyped() {
  for (const k of Object.keys(sessionStorage)) if (k.startsWith("typed:")) sessionStorage.removeItem(k);
}
