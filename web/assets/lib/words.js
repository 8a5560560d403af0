// words picks the half of a sentence in the language of the page.
const english = document.documentElement.lang === "en";

export const say = (zh, en) => (english ? en : zh);

// el makes an element: el("p", {class: "x"}, "text", child…).
export function el(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) {
    if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else if (v === true) e.setAttribute(k, "");
    else if (v !== false && v != null) e.setAttribute(k, v);
  }
  e.append(...children.filter((c) => c != null));
  return e;
}
