// Whoever leaves a shared phone leaves nothing to read: neither pages nor cars. What was tapped and
// has not arrived stays for the same person, without the plate. It runs with the sign-out, and on
// the sign-in page, where everybody ends whose session is over.

const STORE = "workshop-phone";
const QUEUE = "workshop.queue.";
const ONLY_MINE = ["workshop.whose-phone"];
export const LEFT = "workshop.left";

export function leave() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(QUEUE)) strip(key);
    for (const key of ONLY_MINE) localStorage.removeItem(key);
    sessionStorage.removeItem("workshop.said");
    localStorage.setItem(LEFT, String(Date.now())); // Other open pages of the phone see it.
  } catch {
    // Storage may be forbidden; then nothing was kept.
  }
  return window.caches?.delete(STORE);
}

function strip(key) {
  const waiting = JSON.parse(localStorage.getItem(key) || "[]").filter((act) => !act.done);
  const plain = waiting.map(({ plate, ...act }) => act);
  if (plain.length) localStorage.setItem(key, JSON.stringify(plain));
  else localStorage.removeItem(key);
}

if (!document.querySelector("[data-queue]")) leave();
