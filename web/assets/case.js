// case saves the sections of a case by itself, three seconds after the last key.
import { el, say } from "./lib/words.js";
import { keepTyped } from "./lib/keep.js";

for (const form of document.querySelectorAll("form[data-autosave]")) autosave(form);

function autosave(form) {
  const line = form.querySelector("[data-saved]") ?? form.appendChild(el("p", { "data-saved": true }));
  line.classList.add("autosave");
  line.setAttribute("role", "status");
  line.setAttribute("aria-live", "polite");

  let timer, changed = false, sending = false, stopped = false;
  let last = body(form).toString();

  const later = (ms = 3000) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };
  const typed = () => {
    if (stopped) return;
    changed = true;
    later();
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  document.addEventListener("typed:restored", typed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stopped = true;
  });
  addEventListener("pageshow", (e) => {
    if (e.persisted) stopped = false;
  });
  addEventListener("online", () => changed && later(200));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed && !stopped) save(true);
  });

  async function save(leaving = false) {
    if (sending || stopped) return;
    const now = body(form);
    if (now.toString() === last) {
      changed = false;
      return;
    }
    sending = true;
    changed = false;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: now, keepalive: leaving === true && now.toString().length < 60000,
        headers: { "X-Autosave": "1", Accept: "application/json" },
      });
      const said = await answer.json().catch(() => ({}));
      if (answer.ok) {
        last = now.toString();
        take(said.fields);
        tell(say(`已自動儲存 ${said.saved ?? clock()}`, `Saved ${said.saved ?? clock()}`));
      } else if (answer.status === 401) {
        stopped = true;
        keepTyped();
        tell(say("作業時間已到，內容先留在這個分頁。", "Your session has ended. What you typed stays in this tab. "),
          el("a", { href: "/?next=" + encodeURIComponent(location.pathname + location.search) }, say("再登入一次", "Sign in again")));
      } else if (answer.status === 409) {
        stopped = true; // somebody else was here first: the person decides
        tell(said.message ?? "", said.way ? el("a", { href: said.way }, " " + said.wayText) : null);
      } else if (answer.status === 422) {
        tell(say("尚未自動儲存：", "Not saved yet: ") + (said.places?.[0]?.message ?? said.message ?? ""));
      } else {
        throw new Error(answer.statusText);
      }
    } catch {
      changed = true;
      tell(navigator.onLine
        ? say("暫時無法儲存，會自動再試；先不要關閉這一頁", "Cannot save at the moment, trying again; keep this page open")
        : say("目前離線，恢復連線後自動儲存；先不要關閉這一頁", "You are offline. It is saved when the connection is back; keep this page open"));
      later(10000);
    } finally {
      sending = false;
    }
    if (changed && !stopped) later();
  }

  // take keeps what the server changed with the saving: the version to send next time.
  function take(fields) {
    for (const [name, value] of Object.entries(fields ?? {})) {
      const f = form.elements.namedItem(name);
      if (f && f.type === "hidden") f.value = value;
    }
    if (fields) last = body(form).toString();
  }

  function tell(text, more) {
    line.replaceChildren(text, ...(more ? [more] : []));
  }
}

// body is the form without its files.
function body(form) {
  const out = new URLSearchParams();
  for (const [k, v] of new FormData(form)) if (typeof v === "string") out.append(k, v);
  return out;
}

const clock = () => new Date().toLocaleTimeString("zh-TW", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Taipei" });
