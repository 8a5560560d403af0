// What the form of 加入會員 does without leaving the page: the check of the account, the strength of the password,
// another captcha. Without this script the buttons do the same by sending the form.
const form = document.querySelector("[data-join]");

async function ask(path, fields) {
  const answer = await fetch(`/egov/join/${path}`, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields) });
  return answer.json();
}

async function checkAccount() {
  const { text, message } = await ask("account", { account: form.account.value });
  form.querySelector("[data-free]").textContent = text ?? message;
}

async function anotherCaptcha() {
  const { id, picture, audio, message } = await ask("captcha", {});
  if (!id) {
    form.querySelector("[data-free]").textContent = message;
    return;
  }
  form["captcha-id"].value = id;
  form.querySelector("[data-again] img").src = picture;
  form.querySelector("audio").src = audio;
  form.captcha.value = "";
  form.captcha.focus();
}

let plainly = false;
form?.addEventListener("submit", (event) => {
  if (plainly) return;
  const act = { check: checkAccount, captcha: anotherCaptcha }[event.submitter?.value];
  if (!act) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act().catch(() => {
    plainly = true;
    form.requestSubmit(event.submitter);
  });
}, { capture: true });

let judged;
form?.password.addEventListener("input", () => {
  clearTimeout(judged);
  judged = setTimeout(async () => {
    const { text } = await ask("strength", { account: form.account.value, password: form.password.value });
    form.querySelector("[data-strength]").textContent = text ?? "";
  }, 300);
});
