// card has a card sign what a page asks for (pki.Signer), and looks at reader and card for the self-test. It does nothing
// before a button is pressed. The PIN goes to the component alone: its field has no name, and is emptied whatever comes.
import { ask } from "./lib/component.js";

for (const place of document.querySelectorAll("[data-card]")) signer(place);

function signer(place) {
  const form = place.closest("form");
  const pin = place.querySelector("#card-pin");
  const said = form.elements["card-said"];
  const line = place.querySelector("[data-card-line]");
  let busy = false;
  place.querySelector("[data-card-way]").hidden = false;

  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (busy) return;
    if (!/^[0-9]{6,8}$/.test(pin.value)) return short();
    busy = true;
    form.setAttribute("aria-busy", "true");
    line.textContent = place.dataset.reading;
    const answer = await ask(place.dataset.card, request);
    pin.value = "";
    line.textContent = place.dataset.checking;
    said.value = JSON.stringify(answer);
    form.submit();
  });
  addEventListener("pageshow", (e) => {
    pin.value = "";
    // A page that comes back has a challenge that was used up; it needs a new one.
    if (e.persisted && said.value) location.reload();
  });

  // request is made when the component asks for it, and holds the PIN no longer than that.
  function request() {
    const typed = pin.value;
    pin.value = "";
    return {
      func: "MakeSignature", tbs: place.dataset.tbs, tbsEncoding: "base64", hashAlgorithm: "SHA256", signatureType: "PKCS7",
      withCardSN: "true", pin: encodeURIComponent(typed), nonce: place.dataset.nonce, slotDescription: "",
    };
  }

  // short says that the PIN has another length, before any card is asked.
  function short() {
    const group = place.querySelector("[data-group]");
    let error = place.querySelector("#card-pin-error");
    if (!error) {
      error = document.createElement("p");
      error.id = "card-pin-error";
      error.className = "govuk-error-message";
      pin.before(error);
    }
    const mark = document.createElement("span");
    mark.className = "govuk-visually-hidden";
    mark.textContent = place.dataset.error;
    error.replaceChildren(mark, place.dataset.short);
    group.classList.add("govuk-form-group--error");
    pin.classList.add("govuk-input--error");
    pin.setAttribute("aria-describedby", "card-pin-hint card-pin-error");
    pin.focus();
  }
}

// The self-test asks which component, reader and card there are, and the server says it in words.
for (const button of document.querySelectorAll("[data-card-test]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const answer = await ask(button.dataset.cardTest, () => ({ func: "GetUserCert", withcert: "true" }));
    document.dispatchEvent(new CustomEvent("card:told", { detail: answer }));
    button.disabled = false;
  });
}
