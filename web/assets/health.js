// health speaks with the component of the health card, and only when its button has been pressed. The password goes to
// the component alone; what comes back for the server is readable for the verification service only.
const form = document.querySelector("form[data-health]");
if (form) {
  document.querySelector("[data-plain]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", press);
}

class Trouble extends Error {}

const troubles = { 8009: "length", 8011: "unreadable", 8013: "reader" };
const password = form?.querySelector("#card-password");
const line = form?.querySelector("[data-said]");
let busy = false;

async function press(e) {
  e.preventDefault();
  if (busy) return;
  const typed = password.value;
  if (typed.length < 6 || typed.length > 12) return short();
  busy = true;
  form.setAttribute("aria-busy", "true");
  line.textContent = line.dataset.reading;
  let socket;
  try {
    socket = await connect();
    const version = await ask(socket, "GetVersion", "GetVersion");
    const sealed = await ask(socket, "EnCrypt?Pwd=" + typed, "EnCrypt");
    const basic = await ask(socket, "SecureGetBasicWithParam?Pwd=" + sealed, "SecureGetBasicWithParam");
    const random = await number();
    const signature = await ask(socket, "H_Sign?Random=" + version + random, "H_Sign");
    for (const [name, value] of Object.entries({ version, sealed, basic, signature })) form.elements[name].value = value;
    line.textContent = line.dataset.checking;
    password.value = "";
    form.submit();
  } catch (error) {
    password.value = "";
    const why = error instanceof Trouble ? error.message : "strange";
    location.assign(form.dataset.trouble + why + "?" + new URLSearchParams({ next: form.dataset.next }));
  } finally {
    socket?.close();
  }
}

addEventListener("pageshow", (e) => {
  if (!e.persisted || !form) return;
  busy = false;
  form.removeAttribute("aria-busy");
  line.textContent = "";
});

// short says that the password has another length than the component takes, before any card is asked.
function short() {
  const group = form.querySelector("[data-group]");
  let error = form.querySelector("#card-password-error");
  if (!error) {
    error = document.createElement("p");
    error.id = "card-password-error";
    error.className = "govuk-error-message";
    group.querySelector(".govuk-input__wrapper").before(error);
  }
  const mark = document.createElement("span");
  mark.className = "govuk-visually-hidden";
  mark.textContent = password.dataset.error;
  error.replaceChildren(mark, password.dataset.short);
  group.classList.add("govuk-form-group--error");
  password.classList.add("govuk-input--error");
  password.setAttribute("aria-describedby", "card-password-hint card-password-error");
  password.focus();
}

// connect opens the component at the first of its addresses that answers.
async function connect() {
  for (const at of form.dataset.health.split(" ")) {
    const socket = await opened(at);
    if (socket) return socket;
  }
  throw new Trouble("component");
}

const opened = (at) =>
  new Promise((done) => {
    let socket;
    try {
      socket = new WebSocket(at);
    } catch {
      return done(null);
    }
    const timer = setTimeout(() => {
      socket.close();
      done(null);
    }, 10000);
    socket.onopen = () => {
      clearTimeout(timer);
      done(socket);
    };
    socket.onerror = () => {
      clearTimeout(timer);
      done(null);
    };
  });

// ask sends one command and waits for its answer; a number instead of it is a trouble.
const ask = (socket, command, name) =>
  new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Trouble("strange")), 20000);
    const end = (f, v) => {
      clearTimeout(timer);
      f(v);
    };
    socket.onclose = () => end(fail, new Trouble("strange"));
    socket.onmessage = ({ data }) =>
      typeof data === "string" && data.startsWith(name + ":") && data.length < 8192
        ? end(done, data.slice(name.length + 1))
        : end(fail, new Trouble(troubles[data] ?? "strange"));
    socket.send(command);
  });

// number asks the server what the card is to sign.
async function number() {
  const answer = await fetch(form.dataset.random, { method: "POST", headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) throw new Trouble(answer?.status === 429 ? "many" : "late");
  return (await answer.json()).random;
}
