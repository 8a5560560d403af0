// What only the browser itself can tell about this computer. The page says the rest without it.
const root = document.querySelector("[data-selftest]");
const report = document.getElementById("report");
const head = report ? report.value.split("\n").slice(0, 3).join("\n") : "";

function tell(check, ok, n) {
  const at = root.querySelector(`[data-check="${check}"]`);
  if (!at) return;
  const text = (ok ? at.dataset.ok : at.dataset.bad).replace("{n}", n ?? "");
  const tag = at.querySelector(".govuk-tag");
  tag.textContent = ok ? root.dataset.good : root.dataset.poor;
  tag.className = "govuk-tag govuk-tag--" + (ok ? "green" : "red");
  at.querySelector("[data-text]").textContent = text;
  write();
}

// told shows a line in the server's words, with where they are explained.
function told({ check, ok, text, url }) {
  const at = root.querySelector(`[data-check="${check}"]`);
  const tag = at.querySelector(".govuk-tag");
  tag.textContent = ok ? root.dataset.good : root.dataset.poor;
  tag.className = "govuk-tag govuk-tag--" + (ok ? "green" : "red");
  at.querySelector("[data-text]").textContent = text;
  at.querySelector("[data-more]")?.remove();
  if (url) {
    const more = document.createElement("a");
    more.className = "govuk-link";
    more.href = url;
    more.dataset.more = "";
    more.textContent = root.dataset.more;
    at.append(" ", more);
  }
  write();
}

// write brings the report up to date: what the server saw of the machine, then every line as it stands now.
function write() {
  const lines = [...root.querySelectorAll("[data-check]")].map(
    (at) => `${at.dataset.name}: ${at.querySelector(".govuk-tag").textContent} ${at.querySelector("[data-text]").textContent}`,
  );
  report.value = [head, `${screen.width} × ${screen.height}, ${navigator.language}`, ...lines].join("\n");
}

async function clock() {
  const before = Date.now();
  const answer = await fetch("/bls/selftest/time", { cache: "no-store" });
  const after = Date.now();
  const { now } = await answer.json();
  const seconds = Math.round(((before + after) / 2 - now) / 1000);
  tell("clock", Math.abs(seconds) <= 60, String(Math.abs(seconds)));
}

if (root) {
  tell("script", true);
  tell("cookie", navigator.cookieEnabled);
  clock().catch(() => tell("clock", false, "?"));

  const popup = document.getElementById("popup");
  popup.hidden = false;
  popup.addEventListener("click", () => {
    const w = window.open("/bls/selftest/window", "selftest", "width=420,height=320");
    tell("popup", Boolean(w) && !w.closed);
    if (w) w.focus();
  });

  document.addEventListener("card:told", async (e) => {
    const body = new URLSearchParams({ said: JSON.stringify(e.detail) });
    const answer = await fetch("/bls/selftest/card", { method: "POST", body, headers: { Accept: "application/json" } });
    for (const line of await answer.json()) told(line);
  });

  const copy = document.getElementById("copy");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(report.value);
    } catch {
      report.select();
      return;
    }
    document.getElementById("copied").textContent = root.dataset.copied;
  });
}
