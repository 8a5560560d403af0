// The countdown of the session: 「若您未進行網頁切換，將會於 29:21後回登入頁」.
import { keepTyped } from "./keep.js";

const spoken = [5, 2, 1]; // minutes left at which a screen reader is told
const soon = 120; // seconds left at which a dialog asks

export function countDown() {
  const form = document.querySelector("form[data-session]");
  if (!form) return;
  const dialog = form.querySelector("dialog");
  const clocks = form.querySelectorAll("[data-clock]");
  let ends, told, warned, leaving;

  // What lies outside an open dialog is not read out, so the dialog has a voice of its own.
  const speak = (text) => ((dialog.open ? dialog : form).querySelector("[data-speak]").textContent = text);

  const from = (left) => {
    ends = Date.now() + left * 1000;
    told = new Set(spoken.filter((m) => left <= m * 60 - 5));
    warned = left <= soon; // at the end of twelve hours there is nothing to extend
    dialog.close();
    show();
  };
  const show = () => {
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    const two = (n) => String(n).padStart(2, "0");
    for (const c of clocks) c.textContent = two(Math.floor(left / 60)) + ":" + two(left % 60);
    form.classList.toggle("session--soon", left <= soon);
    if (left <= soon && left > 0 && !warned) {
      warned = true;
      dialog.showModal();
    }
    const minute = spoken.find((m) => left <= m * 60 && left > m * 60 - 5 && !told.has(m));
    if (minute) {
      told.add(minute);
      speak(form.dataset.say.replace("{n}", minute));
    }
    if (left === 0 && !leaving) leave();
  };
  const go = () => {
    clearInterval(tick);
    keepTyped();
    location.assign("/?next=" + encodeURIComponent(location.pathname + location.search));
  };
  // At 00:00 the server ends the session, unless a page in another window has used it; without an answer we ask again.
  const leave = async () => {
    leaving = true;
    keepTyped();
    try {
      const answer = await fetch("/session/end", { method: "POST", headers: { Accept: "application/json" } });
      const { left } = await answer.json();
      if (left > 0) from(left);
      else return go();
    } catch {
      // the network is away; the clock ticks on
    }
    leaving = false;
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
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } });
      if (answer.status === 401) return go();
      if (!answer.ok) throw new Error(answer.statusText);
      const { left } = await answer.json();
      if (left > 0) from(left);
      tabs?.postMessage(ends);
      speak(left > soon ? form.dataset.extended : form.dataset.last);
    } catch {
      keepTyped();
      form.submit();
    }
  });
}
