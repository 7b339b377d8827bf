// Whether the server answers: each live page says when it was updated, and shows a band while the
// line is gone. It asks again by itself, and says when the server is back.
// The band is templates/_line.html; its times are the shop's, as the server wrote them.

const ASK_MS = 2000;
const LONGEST_MS = 60000;
const PATIENCE_MS = 4000;
const band = () => document.querySelector("[data-updated-line]");
let isGone = false;
let timer;
let pause = ASK_MS;
let growth = 1;
let back = () => {};

// A customer's phone waits longer each time, and not all of them ask at the same moment.
export const patient = () => (growth = 1.6);

export const onBack = (act) => (back = act);

// What came from the server carries its time.
export function heard(now) {
  const line = band();
  if (!line) return;
  if (now) line.dataset.now = now;
  isGone = false;
  pause = ASK_MS;
  clearTimeout(timer);
  draw();
}

// Something failed: ask whether the server is there at all.
export async function doubt() {
  clearTimeout(timer);
  if (await answers()) {
    const wasGone = isGone;
    heard("");
    if (wasGone) back();
    return;
  }
  isGone = true;
  draw();
  timer = setTimeout(doubt, growth > 1 ? pause * (0.8 + Math.random() * 0.4) : pause);
  pause = Math.min(pause * growth, LONGEST_MS);
}

async function answers() {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: stop.signal });
    // A captive portal answers everything with a page of its own.
    return answer.ok && (answer.headers.get("Content-Type") || "").includes("json");
  } catch (error) {
    return false;
  } finally {
    clearTimeout(late);
  }
}

function draw() {
  const line = band();
  if (!line) return;
  const words = isGone ? line.dataset.lost : line.dataset.updated;
  const text = words.replace("{time}", line.dataset.now);
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("is-lost", isGone);
  line.hidden = false;
}

export function timeOf(page) {
  const line = page.querySelector("[data-updated-line]");
  return line ? line.dataset.now : "";
}

addEventListener("offline", doubt);
addEventListener("online", doubt);
document.addEventListener("visibilitychange", () => document.hidden || doubt());
