// digest compares a chosen file with a SHA-256, in the browser alone. A div[data-digest] holds it; the field inside takes the
// file, the element [data-digest-said] says what came of it.
import { say } from "./lib/words.js";

for (const box of document.querySelectorAll("[data-digest]")) {
  if (!globalThis.crypto?.subtle) continue; // not over plain http: the page shows the digest all the same
  box.hidden = false;
  const said = box.querySelector("[data-digest-said]");
  box.querySelector("input[type=file]").addEventListener("change", async (e) => {
    const file = e.target.files[0];
    if (!file) return;
    said.textContent = say("計算中…", "Working…");
    try {
      const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      const hex = [...new Uint8Array(sum)].map((b) => b.toString(16).padStart(2, "0")).join("");
      const same = hex === box.dataset.digest;
      box.dataset.found = same ? "same" : "other";
      said.textContent = same
        ? say(`「${file.name}」就是壓章的原始檔案。`, `“${file.name}” is the very file that was sealed.`)
        : say(`「${file.name}」不是壓章的原始檔案，它的 SHA-256 開頭是 ${hex.slice(0, 8).toUpperCase()}。`, `“${file.name}” is not the file that was sealed; its SHA-256 begins with ${hex.slice(0, 8).toUpperCase()}.`);
    } catch {
      said.textContent = say("請換一個瀏覽器，或用 sha256sum 計算後比對：這個檔案太大，瀏覽器讀不了。", "Use another browser, or sha256sum: the file is too large for this one.");
    }
  });
}
