// passkey lets the browser's authenticator answer a form: it fetches the challenge, asks for a touch or a PIN, and sends
// the answer with the form. Nothing secret passes through here.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const create = form.dataset.passkey === "create";
  const said = form.querySelector("[data-said]");
  const able = window.PublicKeyCredential?.[create ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"];
  if (!able) continue;
  form.querySelector("[data-unable]").hidden = true;
  const button = form.querySelector("button");
  button.hidden = false;

  const answer = async () => {
    const a = await fetch(form.dataset.challenge, { method: "POST", headers: { Accept: "application/json" } });
    const asked = await a.json();
    if (asked.signIn && asked.way) {
      location.assign(asked.way + "?next=" + encodeURIComponent(location.pathname + location.search));
      return null;
    }
    if (!a.ok) throw new Error(asked.message);
    const publicKey = able.call(PublicKeyCredential, asked.publicKey);
    try {
      return await (create ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    } catch (e) {
      throw new Error(e.name === "SecurityError" ? form.dataset.elsewhere : form.dataset.stopped);
    }
  };

  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    said.textContent = "";
    try {
      const credential = await answer();
      if (!credential) return;
      form.querySelector("input[name=passkey]").value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (e) {
      said.textContent = e.message || form.dataset.stopped;
    } finally {
      button.disabled = false;
    }
  });
}
