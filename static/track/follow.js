// The customer's page follows the car by itself: it asks each quarter of a minute while it is seen,
// and at once when somebody looks at it again. What the customer has begun to answer stays under the
// hand: then only the head is renewed, and a new offer waits until the page is loaded again.

import * as line from "../base/line.js";

const ASK_MS = 15000;
const busy = () => document.querySelector("form[data-touched]") !== null;

async function renew() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
    if (answer.status === 404) return location.reload(); // The link has ended: its page says so.
    if (!answer.ok) return line.doubt();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const head = fresh.getElementById("track-hero");
    const mine = document.getElementById("track-hero");
    if (!head || !mine) return line.doubt();
    if (head.dataset.version !== mine.dataset.version && !busy()) return location.reload();
    if (head.innerHTML !== mine.innerHTML) mine.replaceWith(document.importNode(head, true));
    line.heard(line.timeOf(fresh));
  } catch {
    line.doubt();
  }
  return undefined;
}

document.addEventListener("input", (event) => event.target.form?.setAttribute("data-touched", ""));
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest("canvas")) event.target.closest("form")?.setAttribute("data-touched", "");
});
line.heard("");
line.onBack(renew);
document.addEventListener("visibilitychange", () => document.hidden || renew());
setInterval(() => document.hidden || renew(), ASK_MS);
setInterval(() => document.hidden || line.doubt(), 5000);
