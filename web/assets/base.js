// base is loaded by every page. Each part finds what it improves in the page and leaves the rest alone; without any of
// it the pages work.
import { forgetTyped, keepTyped, restoreTyped } from "./lib/keep.js";
import { countDown } from "./lib/session.js";

document.documentElement.classList.add("scripted");

// The summary of what is wrong gets the focus, and its links lead to the field with its label in sight.
const summary = document.querySelector("[data-focus]");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (e) => {
    const link = e.target.closest('a[href^="#"]');
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    e.preventDefault();
    (field.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for="${CSS.escape(field.id)}"]`) ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

// A menu closes by Escape and when one goes elsewhere.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  const button = menu.querySelector("summary");
  // A mouse over the name opens it too (S95), and leaving closes only what the mouse opened.
  let hovered = false;
  menu.addEventListener("pointerenter", (e) => {
    if (e.pointerType === "mouse" && !menu.open) menu.open = hovered = true;
  });
  menu.addEventListener("pointerleave", () => {
    if (hovered) menu.open = hovered = false;
  });
  button.addEventListener("click", (e) => {
    if (!hovered) return;
    e.preventDefault(); // it is open already: a click keeps it open
    hovered = false;
  });
  menu.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !menu.open) return;
    menu.open = false;
    button.focus();
  });
  menu.addEventListener("focusout", (e) => {
    if (e.relatedTarget && !menu.contains(e.relatedTarget)) menu.open = false;
  });
  document.addEventListener("click", (e) => {
    if (!menu.contains(e.target)) menu.open = false;
  });
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.matches(".hall form") && !form.dataset.session) forgetTyped();
  if (form.dataset.sent && Date.now() - form.dataset.sent < 5000) {
    e.preventDefault();
    return;
  }
  if (e.submitter?.hasAttribute("data-once")) form.dataset.sent = Date.now();
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A link that looks like a button is pressed by the space bar too.
document.addEventListener("keydown", (e) => {
  if (e.key === " " && e.target.matches("a[data-button]")) {
    e.preventDefault();
    e.target.click();
  }
});

for (const b of document.querySelectorAll("button[data-show]")) {
  const field = document.getElementById(b.dataset.show);
  const show = b.textContent;
  b.hidden = false;
  b.addEventListener("click", () => {
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    b.textContent = hidden ? b.dataset.hideText : show;
    b.setAttribute("aria-pressed", hidden);
  });
  field.form?.addEventListener("submit", () => (field.type = "password"));
}

for (const a of document.querySelectorAll("a[data-keep]")) a.addEventListener("click", keepTyped);

restoreTyped();
countDown();
