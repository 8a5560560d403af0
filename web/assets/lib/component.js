// component speaks with the card component in the one way that needs no permission of the browser: a small window that
// it opens from a click, and messages. One window does one thing and closes.

// patience: for the component to say that it is there, and for the person to be done with the card.
const HELLO = 3500, WORK = 120000;

// ask opens the window at the origin and gives what it answers to the request, or {trouble} if nothing came: "popup"
// when the browser blocked the window, "component" when nobody was there, "closed" when it went away before it was done.
// It has to be called from a click.
export function ask(origin, request) {
  return new Promise((done) => {
    const popup = window.open(origin + "/popupForm", "card-component", "height=200, width=200, left=100, top=20");
    if (!popup) return done({ trouble: "popup" });
    let timer = setTimeout(() => end({ trouble: "component" }), HELLO);
    let watch;
    const end = (answer) => {
      clearTimeout(timer);
      clearInterval(watch);
      removeEventListener("message", hear);
      popup.close();
      done(answer);
    };
    const hear = (e) => {
      if (e.origin !== origin || e.source !== popup || typeof e.data !== "string") return;
      let said;
      try {
        said = JSON.parse(e.data);
      } catch {
        return;
      }
      if (said.func === "getTbs") {
        clearTimeout(timer);
        timer = setTimeout(() => end({ trouble: "closed" }), WORK);
        popup.postMessage(JSON.stringify(request()), origin);
        watch ??= setInterval(() => popup.closed && end({ trouble: "closed" }), 500);
      } else if (["sign", "pkcs11info"].includes(said.func)) {
        end(said);
      }
    };
    addEventListener("message", hear);
  });
}
