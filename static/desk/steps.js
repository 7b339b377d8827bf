// The ten steps of an order fold open in place: behind each line stands the step's own page, without
// its head, with its forms and scripts. Without this script the fold holds a link to that page.

const root = () => document.getElementById("order-steps");
const unfolded = new Set(); // What the reader has opened, kept when the list is renewed.

function tell(text) {
  document.dispatchEvent(new CustomEvent("workshop:toast", { detail: { text, tone: "bad" } }));
}

async function fetchStep(fold) {
  const answer = await fetch(fold.dataset.step, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = page.querySelector("main > .page");
  if (!content) throw new Error("no page");
  content.querySelector(".order-head")?.remove();
  for (const form of content.querySelectorAll("form[method='post']")) form.noValidate = true;
  // The order's page renews its own parts.
  for (const part of content.querySelectorAll("[data-live='orders']")) part.removeAttribute("data-live");
  return { content, scripts: [...page.querySelectorAll("script[type='module'][src]")].map((each) => each.src) };
}

async function fill(fold) {
  const body = fold.querySelector("[data-step-body]");
  if (body.dataset.filled) return;
  body.dataset.filled = "yes";
  body.setAttribute("aria-busy", "true");
  try {
    const { content, scripts } = await fetchStep(fold);
    body.append(document.adoptNode(content));
    for (const each of scripts) await import(each);
  } catch {
    delete body.dataset.filled;
    tell(root().dataset.failed);
  }
  body.removeAttribute("aria-busy");
}

function toggled(event) {
  const fold = event.target;
  if (!(fold instanceof HTMLElement) || fold.dataset.step === undefined) return;
  if (fold.open) {
    unfolded.add(fold.id);
    fill(fold);
  } else {
    unfolded.delete(fold.id);
  }
}

// The list was renewed by the server, which knows the links alone: what is open is filled again.
function renewed(event) {
  if (event.target !== root()) return;
  for (const id of unfolded) document.getElementById(id).open = true;
  for (const fold of root().querySelectorAll("details[open]")) fill(fold);
}

// A toggle does not bubble.
document.addEventListener("toggle", toggled, true);
document.addEventListener("workshop:fresh", renewed);
for (const fold of root().querySelectorAll("details[open]")) fill(fold);
