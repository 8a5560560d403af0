// verify judges the archive of a round in the browser: the same Go code as cloudbm verify, compiled to WebAssembly. It is
// fetched with the page, so that nothing is fetched any more when a file has been chosen, and nothing is ever sent.
import "go:wasm_exec";

const box = document.querySelector("[data-verify]");
if (box) start();

async function start() {
  const input = box.querySelector("input[type=file]");
  const status = box.querySelector("[data-status]");
  const out = box.querySelector("[data-report]");
  let running = 0;

  box.hidden = false;
  status.textContent = box.dataset.loading;
  try {
    const ready = new Promise((done) => (globalThis.cloudbmVerifies = done));
    const go = new globalThis.Go();
    const program = await WebAssembly.instantiateStreaming(fetch(box.dataset.verify), go.importObject);
    go.run(program.instance);
    await ready;
  } catch {
    status.textContent = box.dataset.broken;
    return;
  }
  status.textContent = box.dataset.ready;
  box.dataset.state = "ready";
  input.disabled = false;
  input.addEventListener("change", () => input.files[0] && judge(input.files[0]));
  box.addEventListener("dragover", (e) => e.preventDefault());
  box.addEventListener("drop", (e) => {
    e.preventDefault();
    if (e.dataTransfer.files[0]) judge(e.dataTransfer.files[0]);
  });

  async function judge(file) {
    const mine = ++running;
    box.dataset.state = "busy";
    out.replaceChildren();
    let last = -1;
    const progress = (done, all) => {
      const share = Math.floor((100 * done) / Math.max(all, 1) / 5) * 5;
      if (mine === running && share !== last) status.textContent = box.dataset.busy.replace("%", (last = share) + "%");
    };
    try {
      const report = JSON.parse(await globalThis.cloudbmVerify(file, box.dataset.cards, box.dataset.authorities, progress));
      if (mine !== running) return;
      draw(report, file.name);
      status.textContent = "";
    } catch {
      if (mine !== running) return;
      status.textContent = box.dataset.unread;
    }
    box.dataset.state = "done";
  }

  const zh = document.documentElement.lang.startsWith("zh");
  const text = (t) => (zh ? t.zh : t.en);
  function tag(name, className, content) {
    const e = document.createElement(name);
    e.className = className;
    e.append(...[content].flat());
    return e;
  }

  const colours = { good: "green", note: "grey", warning: "yellow", bad: "red" };
  const mark = (level) => tag("strong", `govuk-tag govuk-tag--${colours[level]}`, box.dataset[level]);

  function draw(r, name) {
    const heading = tag("h2", "govuk-heading-m", [mark(r.level), " ", text(r)]);
    heading.tabIndex = -1;
    const parts = [heading, tag("p", "govuk-body cb-break", name)];
    for (const [title, levels] of [["wrong", ["bad", "warning"]], ["looked", ["note", "good"]]]) {
      const found = levels.flatMap((l) => r.findings.filter((f) => f.level === l));
      if (found.length === 0) continue;
      parts.push(tag("h3", "govuk-heading-s", box.dataset[title]), tag("ul", "govuk-list", found.map(line)));
    }
    if (r.contents.length) parts.push(tag("h3", "govuk-heading-s", box.dataset.sealed), table(r.contents));
    out.replaceChildren(...parts);
    heading.focus();
  }

  function line(f) {
    const li = tag("li", "cb-break", [mark(f.level), " ", text(f)]);
    li.dataset.key = f.key;
    if (f.about) li.append(" ", tag("code", "cb-code cb-break", f.about));
    if (f.do) li.append(tag("div", "govuk-hint", text(f.do)));
    return li;
  }

  function table(contents) {
    const rows = contents.map((c) => {
      const by = c.seals.map((s) => `${s.name} ${s.licence ?? ""}（${new Date(s.at).toLocaleString(zh ? "zh-TW" : "en-GB", { timeZone: "Asia/Taipei" })}）`);
      const head = tag("th", "govuk-table__header cb-break", c.name);
      head.scope = "row";
      return tag("tr", "govuk-table__row", [head, tag("td", "govuk-table__cell", by.join("、") || box.dataset.nobody)]);
    });
    return tag("table", "govuk-table", [tag("caption", "govuk-table__caption govuk-visually-hidden", box.dataset.sealed), tag("tbody", "govuk-table__body", rows)]);
  }
}
