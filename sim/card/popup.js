// The component's window: it asks the page that opened it what to do, does one thing, answers and closes.
addEventListener("message", async (e) => {
  if (e.source !== opener || typeof e.data !== "string") return;
  const body = new URLSearchParams({ tbsPackage: e.data, origin: e.origin });
  const answer = await fetch("/sign", { method: "POST", body });
  opener.postMessage(await answer.text(), e.origin);
  close();
}, { once: true });
opener?.postMessage('{"func":"getTbs"}', "*");
