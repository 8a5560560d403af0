// The countdown of the session: 「若您未進行網頁切換，將會於 29:21後回登入頁」.
import { keepTyped } from "./keep.js";

const spoken = [5, 2, 1]; // minutes left at which a screen reader is told

export function countDown() {
  const form = document.querySelector("form[data-session]");
  if (!form) return;
  const clock = form.querySelector("[data-clock]");
  const voice = form.querySelector("[data-speak]");
  let ends, told;

  const from = (left) => {
    ends = Date.now() + left * 1000;
    told = new Set(spoken.filter((m) => left <= m * 60 - 5));
    show();
  };
  const show = () => {
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    const two = (n) => String(n).padStart(2, "0");
    clock.textContent = two(Math.floor(left / 60)) + ":" + two(left % 60);
    form.classList.toggle("session--soon", left <= 120);
    const minute = spoken.find((m) => left <= m * 60 && left > m * 60 - 5 && !told.has(m));
    if (minute) {
      told.add(minute);
      voice.textContent = form.dataset.say.replace("{n}", minute);
    }
    if (left === 0) leave();
  };
  const leave = () => {
    clearInterval(tick);
    keepTyped();
    location.assign("/?next=" + encodeURIComponent(location.pathname + location.search));
  };

  // Pages in other tabs share the session: each tells the others when it was extended.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  tabs?.addEventListener("message", (e) => {
    const left = (e.data - Date.now()) / 1000;
    if (e.data > ends && left < 24 * 3600) from(left);
  });

  from(Number(form.dataset.session));
  tabs?.postMessage(ends);
  const tick = setInterval(show, 1000);
  document.addEventListener("visibilitychange", show);
  document.addEventListener("session:extended", (e) => from(e.detail));

  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } });
      if (answer.status === 401) return leave();
      if (!answer.ok) throw new Error(answer.statusText);
      const { left } = await answer.json();
      if (left > 0) from(left);
      tabs?.postMessage(ends);
      voice.textContent = form.dataset.extended;
    } catch {
      keepTyped();
      form.submit();
    }
  });
}
