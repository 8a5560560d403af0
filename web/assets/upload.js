// upload sends files in pieces that survive a lost connection. A form[data-upload] tells it:
//   data-endpoint  where the tus protocol is spoken
//   data-status    optional: GET answers [{id, state: "checking"|"done"|"refused", message}] about files that arrived
//   data-done      optional: where to go when every file is done
// Its hidden fields go along with every file; inputs of type file (also with webkitdirectory) and [data-drop] take files.
// Without script the form sends the files by itself.
import * as tus from "tus-js-client";
import { el, say } from "./lib/words.js";

const piece = 64 * 1024 * 1024;
const atOnce = 4;

const words = {
  waiting: say("等待", "Waiting"), sending: say("上傳", "Uploading"), checking: say("檢查", "Checking"),
  done: say("完成", "Done"), refused: say("退回", "Returned"), paused: say("已暫停", "Paused"), failed: say("中斷", "Interrupted"),
};
const colours = { waiting: "grey", sending: "blue", checking: "yellow", done: "green", refused: "red", paused: "grey", failed: "orange" };

for (const form of document.querySelectorAll("form[data-upload]")) uploader(form);

function uploader(form) {
  const rows = [];
  const list = el("ul", { class: "uploads" });
  const sum = el("p", { class: "uploads__sum", role: "status", "aria-live": "polite" });
  const pauseAll = el("button", { type: "button", class: "govuk-button govuk-button--secondary", hidden: true, onclick: toggleAll });
  const go = el("a", { class: "govuk-button", href: form.dataset.done ?? "", hidden: true }, say("繼續", "Continue"));
  const tray = el("section", { class: "upload-tray", "aria-label": say("上傳的檔案", "Files to upload"), hidden: true },
    sum, el("div", { class: "govuk-button-group" }, pauseAll, go), list);
  form.after(tray);
  for (const b of form.querySelectorAll("button[type=submit], button:not([type])")) b.hidden = true;

  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      add([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
      input.value = "";
    });
  }
  form.addEventListener("submit", (e) => e.preventDefault());

  const zone = form.querySelector("[data-drop]") ?? form;
  zone.classList.add("drop");
  let inside = 0;
  zone.addEventListener("dragenter", (e) => { e.preventDefault(); inside++; zone.classList.add("drop--over"); });
  zone.addEventListener("dragleave", () => { if (--inside <= 0) zone.classList.remove("drop--over"); });
  zone.addEventListener("dragover", (e) => { e.preventDefault(); e.dataTransfer.dropEffect = "copy"; });
  zone.addEventListener("drop", async (e) => {
    e.preventDefault();
    inside = 0;
    zone.classList.remove("drop--over");
    add(await dropped(e.dataTransfer));
  });
  addEventListener("beforeunload", (e) => {
    if (rows.some((r) => r.state === "sending" || r.state === "waiting")) e.preventDefault();
  });

  function add(files) {
    for (const { file, path } of files) {
      if (/(^|\/)(\.|Thumbs\.db$|desktop\.ini$)/i.test(path)) continue; // what systems leave in folders
      if (rows.some((r) => r.path === path && r.file.size === file.size && r.state !== "refused")) continue;
      rows.push(row(file, path));
    }
    tray.hidden = rows.length === 0;
    next();
  }

  function row(file, path) {
    const r = { file, path, state: "waiting", sent: 0, id: null };
    r.tag = el("strong", { class: "govuk-tag" });
    r.bar = el("progress", { max: 100, value: 0, "aria-label": path });
    r.note = el("p", { class: "uploads__note" });
    r.button = el("button", { type: "button", class: "as-link", onclick: () => press(r) });
    r.drop = el("button", { type: "button", class: "as-link", onclick: () => remove(r) }, say("移除", "Remove"), el("span", { class: "govuk-visually-hidden" }, " " + path));
    list.append(r.item = el("li", { class: "uploads__row" },
      el("div", { class: "uploads__name" }, path, el("span", { class: "uploads__size" }, " " + size(file.size))),
      r.tag, r.bar, el("div", { class: "uploads__acts" }, r.button, r.drop), r.note));
    set(r, "waiting");
    return r;
  }

  function set(r, state, note = "") {
    r.state = state;
    r.tag.className = "govuk-tag govuk-tag--" + colours[state];
    r.tag.textContent = words[state];
    r.note.textContent = note;
    r.note.hidden = !note;
    const act = { sending: say("暫停", "Pause"), paused: say("繼續", "Resume"), failed: say("再試一次", "Try again"), refused: "" }[state] ?? "";
    r.button.hidden = !act;
    r.button.replaceChildren(act, el("span", { class: "govuk-visually-hidden" }, " " + r.path));
    r.drop.hidden = state === "checking" || state === "done";
    r.bar.hidden = state === "done" || state === "refused" || state === "checking";
    report();
  }

  function press(r) {
    if (r.state === "sending") {
      r.upload?.abort();
      set(r, "paused");
      next();
    } else if (r.state === "paused" || r.state === "failed") {
      set(r, "waiting");
      next();
    }
  }

  function remove(r) {
    r.upload?.abort(r.state !== "refused").catch(() => {});
    rows.splice(rows.indexOf(r), 1);
    const after = r.item.nextElementSibling ?? r.item.previousElementSibling;
    r.item.remove();
    (after?.querySelector("button:not([hidden])") ?? form.querySelector("input[type=file]"))?.focus();
    tray.hidden = rows.length === 0;
    report();
    next();
  }

  function toggleAll() {
    const running = rows.filter((r) => r.state === "sending" || r.state === "waiting");
    if (running.length) {
      for (const r of running) { r.upload?.abort(); set(r, "paused"); }
    } else {
      for (const r of rows) if (r.state === "paused" || r.state === "failed") set(r, "waiting");
      next();
    }
  }

  function next() {
    let running = rows.filter((r) => r.state === "sending").length;
    for (const r of rows) {
      if (running >= atOnce) break;
      if (r.state === "waiting") { running++; send(r); }
    }
    report();
  }

  async function send(r) {
    set(r, "sending");
    const along = {};
    for (const f of form.querySelectorAll("input[type=hidden][name]")) along[f.name] = f.value;
    r.upload ??= new tus.Upload(r.file, {
      endpoint: form.dataset.endpoint, chunkSize: piece, retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
      metadata: { ...along, filename: r.file.name, filetype: r.file.type, path: r.path },
      removeFingerprintOnSuccess: true, storeFingerprintForResuming: true,
      fingerprint: async (file) => ["upload", form.dataset.endpoint, JSON.stringify(along), r.path, file.size, file.lastModified].join("|"),
      onProgress: (sent, all) => {
        r.sent = sent;
        r.bar.value = all ? Math.floor((100 * sent) / all) : 100;
        report();
      },
      onSuccess: () => {
        r.id = r.upload.url?.split("/").pop();
        r.sent = r.file.size;
        set(r, form.dataset.status ? "checking" : "done");
        if (form.dataset.status) watch();
        next();
      },
      onError: (error) => {
        const answer = error.originalResponse;
        const code = answer?.getStatus() ?? 0;
        if (code >= 400 && code < 500 && code !== 409 && code !== 423) set(r, "refused", sentence(answer.getBody()));
        else set(r, "failed", say("連線中斷，已傳的部分還在；按「再試一次」接著傳", "The connection was lost. What has arrived is kept; press “Try again” to go on"));
        next();
      },
    });
    try {
      const before = r.upload.url ? [] : await r.upload.findPreviousUploads();
      if (r.state !== "sending") return; // paused meanwhile
      if (before.length) r.upload.resumeFromPreviousUpload(before[0]);
      r.upload.start();
    } catch {
      set(r, "failed", say("這個檔案讀不到；再選一次", "This file cannot be read; choose it again"));
    }
  }

  let watching;
  function watch() {
    clearTimeout(watching);
    if (!rows.some((r) => r.state === "checking")) return;
    watching = setTimeout(async () => {
      try {
        const answer = await fetch(form.dataset.status, { headers: { Accept: "application/json" } });
        if (answer.ok) {
          for (const { id, state, message } of await answer.json()) {
            const r = rows.find((x) => x.id === id && x.state === "checking");
            if (r && (state === "done" || state === "refused")) set(r, state, message ?? "");
          }
        }
      } catch {
        // Asked again below.
      }
      watch();
    }, 1200);
  }

  let told = "";
  function report() {
    const count = (s) => rows.filter((r) => r.state === s).length;
    const all = rows.reduce((n, r) => n + r.file.size, 0), sent = rows.reduce((n, r) => n + Math.min(r.sent, r.file.size), 0);
    const done = count("done"), bad = count("refused") + count("failed");
    const busy = count("sending") + count("waiting") + count("checking");
    tray.style.setProperty("--sent", all ? sent / all : 1);
    const text = say(`共 ${rows.length} 個檔案，完成 ${done} 個` + (bad ? `，${bad} 個需要處理` : ""),
      `${done} of ${rows.length} files done` + (bad ? `, ${bad} need attention` : ""));
    if (text !== told) sum.textContent = told = text;
    pauseAll.hidden = !rows.some((r) => ["sending", "waiting", "paused", "failed"].includes(r.state));
    pauseAll.textContent = count("sending") + count("waiting") ? say("全部暫停", "Pause all") : say("全部繼續", "Resume all");
    const finished = rows.length > 0 && busy === 0 && count("paused") === 0;
    go.hidden = !(finished && form.dataset.done);
    if (finished && bad === 0 && form.dataset.done) location.assign(form.dataset.done);
  }
}

function sentence(body) {
  try {
    const said = JSON.parse(body);
    if (said.message) return said.message;
  } catch {
    if (body && body.length < 200 && !body.includes("<")) return body;
  }
  return say("檔案沒有收下", "The file was not taken");
}

// dropped lists the files that were dropped, also those inside folders.
async function dropped(transfer) {
  const entries = [...transfer.items].map((i) => i.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, path: file.name }));
  const out = [];
  const walk = async (entry, path) => {
    if (entry.isFile) {
      out.push({ file: await new Promise((ok, no) => entry.file(ok, no)), path: path + entry.name });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((ok, no) => reader.readEntries(ok, no));
      if (!some.length) return;
      for (const e of some) await walk(e, path + entry.name + "/");
    }
  };
  for (const e of entries) await walk(e, "");
  return out;
}

function size(n) {
  const units = ["B", "KB", "MB", "GB"];
  let i = 0;
  while (n >= 1024 && i < 3) { n /= 1024; i++; }
  return (i && n < 10 ? n.toFixed(1) : Math.round(n)) + " " + units[i];
}
