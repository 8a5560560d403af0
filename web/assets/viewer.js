// viewer shows a large sheet from tiles. A div[data-tiles] tells it:
//   data-src      address of a tile, with {z} {x} {y}
//   data-width, data-height   size of the sheet in pixels at the deepest level
//   data-tile     side of a tile, 512 unless told; at level z the longer side of the sheet is tile·2^z pixels
//   data-pins     id of a <script type="application/json"> with [{id, x, y, w, h, label, href, state}], in fractions of
//                 the sheet (0…1 from the top left); a pin without w and h is a point
//   data-pin-form selector of the form whose fields x, y, w, h take a place chosen on the sheet
// What stands inside is shown without script.
import { el, say } from "./lib/words.js";

for (const box of document.querySelectorAll("div[data-tiles]")) view(box);

function view(box) {
  const tile = Number(box.dataset.tile ?? 512);
  const W = Number(box.dataset.width), H = Number(box.dataset.height);
  const long = Math.max(W, H);
  const deepest = Math.max(0, Math.ceil(Math.log2(long / tile) - 1e-9));
  const levelScale = (z) => (tile * 2 ** z) / long; // pixels of level z for one pixel of the sheet

  const plane = el("div", { class: "tiles__plane", "aria-hidden": "true" });
  const over = el("div", { class: "tiles__pins" });
  const cross = el("div", { class: "tiles__cross", "aria-hidden": "true", hidden: true });
  const stage = el("div", {
    class: "tiles__stage", tabindex: 0, role: "application",
    "aria-label": (box.dataset.label ?? say("圖面", "Sheet")) + say("：方向鍵移動，加減鍵縮放，0 看全圖", ": arrow keys move, plus and minus zoom, 0 shows all"),
  }, plane, over, cross);
  const say_ = el("p", { class: "govuk-visually-hidden", role: "status", "aria-live": "polite" });
  const press = (text, title, f) => el("button", { type: "button", title, "aria-label": title, onclick: f }, text);
  const bar = el("div", { class: "tiles__bar", role: "toolbar", "aria-label": say("圖面工具", "Sheet tools") },
    press("＋", say("放大", "Zoom in"), () => zoom(1.6)), press("－", say("縮小", "Zoom out"), () => zoom(1 / 1.6)),
    press("⤢", say("看全圖", "Show all"), fit));
  const form = box.dataset.pinForm ? document.querySelector(box.dataset.pinForm) : null;
  let pinning = false;
  if (form) {
    const b = el("button", { type: "button", "aria-pressed": "false", class: "tiles__pin-mode" }, say("標記位置", "Mark a place"));
    b.addEventListener("click", () => {
      pinning = !pinning;
      b.setAttribute("aria-pressed", pinning);
      box.classList.toggle("tiles--pinning", pinning);
      cross.hidden = !pinning;
      say_.textContent = pinning ? say("在圖上拉出一個框，或按一下；鍵盤移動後按 Enter 標記中央", "Draw a box on the sheet, or click; with the keyboard, move and press Enter to mark the centre") : "";
      stage.focus();
    });
    bar.append(b);
  }
  box.replaceChildren(stage, bar, say_);
  box.classList.add("tiles");

  // Where the sheet stands: the stage shows sheet point (0,0) at (left,top), one sheet pixel being scale wide.
  let scale = 1, left = 0, top = 0, drawn = false;
  const size = () => ({ w: stage.clientWidth, h: stage.clientHeight });
  const smallest = () => Math.min(size().w / W, size().h / H) * 0.9;
  const largest = () => Math.max(2, smallest() * 2);

  const layers = new Map(); // level → {element, tiles: Map(key → img)}
  function layer(z) {
    let l = layers.get(z);
    if (!l) {
      l = { element: el("div", { class: "tiles__level" }), tiles: new Map() };
      l.element.style.zIndex = z;
      layers.set(z, l);
      plane.append(l.element);
    }
    return l;
  }

  let asked = false;
  const draw = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; paint(); });
  };

  let settled;
  function paint() {
    const ratio = window.devicePixelRatio || 1;
    const now = Math.min(deepest, Math.max(0, Math.ceil(Math.log2((scale * ratio * long) / tile) - 0.35)));
    for (const [z, l] of layers) {
      l.element.style.transform = `translate(${left}px, ${top}px) scale(${scale / levelScale(z)})`;
      l.element.hidden = z > now;
    }
    over.style.left = left + "px";
    over.style.top = top + "px";
    over.style.width = W * scale + "px";
    over.style.height = H * scale + "px";
    want(0); // always there, beneath everything
    clearTimeout(settled);
    if (layers.has(now) || !drawn) want(now);
    settled = setTimeout(() => { want(now); tidy(now); }, 80); // levels one only zooms through are not asked for
    drawn = true;
  }

  // want asks for the tiles of level z that can be seen.
  function want(z) {
    const { w, h } = size(), s = levelScale(z), l = layer(z);
    l.element.hidden = false;
    l.element.style.transform = `translate(${left}px, ${top}px) scale(${scale / s})`;
    const cols = Math.ceil((W * s) / tile - 1e-6), rows = Math.ceil((H * s) / tile - 1e-6);
    const side = (tile * scale) / s; // of a tile on the screen
    const x0 = Math.max(0, Math.floor(-left / side)), x1 = Math.min(cols - 1, Math.floor((w - left) / side));
    const y0 = Math.max(0, Math.floor(-top / side)), y1 = Math.min(rows - 1, Math.floor((h - top) / side));
    const seen = new Set();
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const key = x + "/" + y;
        seen.add(key);
        if (l.tiles.has(key)) continue;
        const img = el("img", { alt: "", draggable: "false", decoding: "async" });
        img.style.left = x * tile + "px";
        img.style.top = y * tile + "px";
        img.addEventListener("load", () => img.classList.add("here"));
        img.addEventListener("error", () => { l.tiles.delete(key); img.remove(); });
        img.src = box.dataset.src.replace("{z}", z).replace("{x}", x).replace("{y}", y);
        l.tiles.set(key, img);
        l.element.append(img);
      }
    }
    if (z === 0) return;
    for (const [key, img] of l.tiles) {
      if (!seen.has(key) && !img.complete) { // nobody waits for it any more
        img.src = "";
        img.remove();
        l.tiles.delete(key);
      }
    }
  }

  // tidy drops deeper levels and, beyond 300 tiles, what is far away.
  function tidy(now) {
    for (const [z, l] of layers) {
      if (z === 0) continue;
      if (z > now || l.tiles.size > 300) {
        const gone = z > now ? [...l.tiles] : [...l.tiles].slice(0, l.tiles.size - 300);
        for (const [key, img] of gone) { img.remove(); l.tiles.delete(key); }
        if (z > now) { l.element.remove(); layers.delete(z); }
      }
    }
  }

  // hold keeps the sheet from leaving the stage.
  function hold() {
    const { w, h } = size();
    const keep = (at, whole, room) => (whole <= room ? (room - whole) / 2 : Math.min(room * 0.3, Math.max(room * 0.7 - whole, at)));
    left = keep(left, W * scale, w);
    top = keep(top, H * scale, h);
    draw();
  }

  function fit() {
    const { w, h } = size();
    scale = Math.min(w / W, h / H) * 0.98;
    left = (w - W * scale) / 2;
    top = (h - H * scale) / 2;
    hold();
  }

  function zoom(by, x = size().w / 2, y = size().h / 2) {
    const to = Math.min(largest(), Math.max(smallest(), scale * by));
    left = x - ((x - left) * to) / scale;
    top = y - ((y - top) * to) / scale;
    scale = to;
    hold();
  }

  function move(dx, dy) {
    left += dx;
    top += dy;
    hold();
  }

  stage.addEventListener("wheel", (e) => {
    e.preventDefault();
    const at = stage.getBoundingClientRect();
    zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0016)), e.clientX - at.left, e.clientY - at.top);
  }, { passive: false });

  stage.addEventListener("keydown", (e) => {
    if (e.target !== stage || e.ctrlKey || e.metaKey || e.altKey) return;
    const step = e.shiftKey ? 240 : 80;
    const does = {
      "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: fit,
      ArrowLeft: () => move(step, 0), ArrowRight: () => move(-step, 0), ArrowUp: () => move(0, step), ArrowDown: () => move(0, -step),
      Enter: () => { if (pinning) { const { w, h } = size(); choose(point(w / 2, h / 2)); } },
    }[e.key];
    if (does) { e.preventDefault(); does(); }
  });

  // Fingers and mouse: one drags (or draws a box), two pinch.
  const fingers = new Map();
  let box0 = null, frame = null, spread = 0;
  const at = (e) => { const r = stage.getBoundingClientRect(); return { x: e.clientX - r.left, y: e.clientY - r.top }; };
  const point = (x, y) => ({ x: clamp((x - left) / (W * scale)), y: clamp((y - top) / (H * scale)) });
  stage.addEventListener("pointerdown", (e) => {
    if (e.button || e.target.closest("a")) return;
    stage.setPointerCapture(e.pointerId);
    fingers.set(e.pointerId, at(e));
    spread = 0;
    if (pinning && fingers.size === 1) box0 = at(e);
    else { box0 = null; frame?.remove(); frame = null; }
    stage.classList.add("tiles__stage--held");
  });
  stage.addEventListener("pointermove", (e) => {
    const was = fingers.get(e.pointerId);
    if (!was) return;
    const now = at(e);
    fingers.set(e.pointerId, now);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      const d = Math.hypot(a.x - b.x, a.y - b.y);
      if (spread) zoom(d / spread, (a.x + b.x) / 2, (a.y + b.y) / 2);
      spread = d;
      move((now.x - was.x) / 2, (now.y - was.y) / 2);
    } else if (box0) {
      frame ??= over.appendChild(el("div", { class: "tiles__frame" }));
      place(frame, rectangle(point(box0.x, box0.y), point(now.x, now.y)));
    } else {
      move(now.x - was.x, now.y - was.y);
    }
  });
  const up = (e) => {
    if (!fingers.delete(e.pointerId)) return;
    stage.classList.remove("tiles__stage--held");
    spread = 0;
    if (!box0 || e.type === "pointercancel") { box0 = null; return; }
    const end = at(e), drawnBox = Math.hypot(end.x - box0.x, end.y - box0.y) > 6;
    choose(drawnBox ? rectangle(point(box0.x, box0.y), point(end.x, end.y)) : point(end.x, end.y));
    box0 = null;
  };
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);

  // choose writes a place of the sheet into the form.
  function choose({ x, y, w = 0, h = 0 }) {
    frame ??= over.appendChild(el("div", { class: "tiles__frame" }));
    frame.classList.toggle("tiles__frame--point", !w);
    place(frame, { x, y, w, h });
    for (const [name, v] of Object.entries({ x, y, w, h })) {
      const f = form.elements.namedItem(name);
      if (f) f.value = v.toFixed(5);
    }
    form.dispatchEvent(new CustomEvent("place:chosen", { bubbles: true, detail: { x, y, w, h } }));
    say_.textContent = say("已標記位置", "The place is marked");
    (form.querySelector("textarea") ?? form.querySelector("input:not([type=hidden])"))?.focus({ preventScroll: true });
  }

  const pins = box.dataset.pins ? JSON.parse(document.getElementById(box.dataset.pins)?.textContent || "[]") : [];
  for (const p of pins) {
    const pin = el(p.href ? "a" : "div", { class: "tiles__pin" + (p.w ? "" : " tiles__pin--point") + (p.state ? " tiles__pin--" + p.state : ""), href: p.href, title: p.label }, el("span", {}, p.label));
    place(pin, p);
    over.append(pin);
  }
  document.addEventListener("click", (e) => {
    const id = e.target.closest?.("[data-pin-go]")?.dataset.pinGo;
    const p = id && pins.find((x) => String(x.id) === id);
    if (!p) return;
    e.preventDefault();
    const { w, h } = size();
    scale = Math.min(largest(), p.w ? Math.min(w / (W * p.w), h / (H * p.h)) * 0.4 : Math.max(scale, smallest() * 4));
    left = w / 2 - (p.x + (p.w ?? 0) / 2) * W * scale;
    top = h / 2 - (p.y + (p.h ?? 0) / 2) * H * scale;
    hold();
    stage.scrollIntoView({ block: "nearest" });
    stage.focus({ preventScroll: true });
  });

  new ResizeObserver(() => (drawn ? hold() : fit())).observe(stage);
  fit();
}

const clamp = (v) => Math.min(1, Math.max(0, v));
const rectangle = (a, b) => ({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) });

function place(e, { x, y, w, h }) {
  e.style.left = 100 * x + "%";
  e.style.top = 100 * y + "%";
  e.style.width = w ? 100 * w + "%" : "";
  e.style.height = h ? 100 * h + "%" : "";
}
