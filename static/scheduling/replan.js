// Another plan: shows the fields of the chosen reason, and follows the planner while it is at work.
// Without it every field is there, and the page is loaded again by hand.

const EVERY = 1000;
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function showFields() {
  const form = one("[data-replan-form]");
  if (!form) return;
  const chosen = one("input[name='reason']:checked", form)?.value;
  for (const field of all("[data-for]", form)) {
    field.hidden = !field.dataset.for.split(" ").includes(chosen);
  }
}

// ---- Following the planner ----

let stamp = one("#replan")?.dataset.stamp;
let etag = "";

async function follow() {
  const address = one("#replan")?.dataset.progress;
  if (!address) return;
  try {
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(address, { headers: { Accept: "application/json", ...headers } });
    if (answer.status === 200) {
      etag = answer.headers.get("ETag") || "";
      const said = await answer.json();
      if (said.stamp !== stamp) await replace(said.stamp);
    }
  } catch {
    // The line is down; the next try may find it again.
  }
  setTimeout(follow, EVERY);
}

async function replace(fresh) {
  const answer = await fetch(one("#replan").dataset.page, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = one("#replan", page);
  if (!found) return;
  stamp = found.dataset.stamp || fresh;
  const ticked = new Set(all("input[name='order']:not(:checked)").map((each) => each.value));
  one("#replan").replaceWith(document.importNode(found, true));
  // What somebody has unticked while waiting stays unticked.
  for (const box of all("input[name='order']")) if (ticked.has(box.value)) box.checked = false;
}

document.addEventListener("change", (event) => {
  if (event.target.name === "reason") showFields();
});
showFields();
follow();
one(".notice-bad[tabindex]")?.focus();
