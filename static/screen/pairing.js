// An unpaired television: asks for a code, shows it, and waits until somebody has entered it.

import * as clock from "./clock.js";

const box = document.querySelector("[data-pairing]");
const part = (name) => box.querySelector(`[data-${name}]`);
const token = document.querySelector("meta[name='csrf-token']").content;

async function offer() {
  const answer = await fetch(box.dataset.offer, {
    method: "POST",
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const { code, qr, address } = await answer.json();
  part("code").textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
  part("address").textContent = address;
  part("qr").src = qr;
  part("qr").hidden = false;
}

async function isPaired() {
  const answer = await fetch(box.dataset.state, { cache: "no-store" });
  return answer.ok && (await answer.json()).paired;
}

async function attempt(step, pause) {
  let wait = pause;
  try {
    if (await step()) return;
    part("trouble").hidden = true;
  } catch {
    part("trouble").hidden = false;
    wait = pause + Math.random() * pause;
  }
  setTimeout(() => attempt(step, pause), wait);
}

// The code is good for ten minutes; who is still there asks in time, and keeps it.
const AGAIN_MS = 240000;

attempt(async () => {
  await offer();
  setInterval(() => offer().catch(() => {}), AGAIN_MS);
  attempt(async () => {
    if (!(await isPaired())) return false;
    location.reload();
    return true;
  }, 2000);
  return true;
}, 5000);
clock.show();
setInterval(clock.show, 1000);
