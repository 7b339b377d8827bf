// The technician's acts on their way to the shop: kept on the phone until they are applied, sent
// in the order of the taps, each with an id of its own, so that the server applies it once however
// often it comes. A refused act holds what depends on it, until the person tries again or drops it;
// the rest goes on.

const page = document.querySelector("[data-queue]");
const user = page.dataset.user;
const KEY = `workshop.queue.${user}`;
const CLOCK = "workshop.shop-clock";
const FORGETFUL = new Map(); // Storage may be forbidden; then the queue lives as long as the page.

export const isKept = document.documentElement.hasAttribute("data-kept");

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) || "null");
  } catch {
    return FORGETFUL.get(key) ?? null;
  }
}

function write(key, value) {
  FORGETFUL.set(key, value);
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // See FORGETFUL.
  }
}

// ---- What waits ----

/** Acts that are not known to the page yet: those that wait, and those just applied (`done`). */
export const list = () => read(KEY) || [];
export const waiting = () => list().filter((act) => !act.done);

const save = (acts) => {
  write(KEY, acts);
  document.dispatchEvent(new Event("workshop:queue"));
};
const change = (id, values) =>
  save(list().map((act) => (act.id === id ? { ...act, ...values } : act)));

export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

export function add(act) {
  save([...list(), { ...act, user, tapped: shopTime().toISOString() }]);
}

export function drop(id) {
  save(list().filter((act) => act.id !== id));
}

/** What was applied before the page was asked for stands on it, and needs no reminder any more. */
export function forgetDone(asked = Infinity) {
  write(KEY, list().filter((act) => !act.done || act.done >= asked));
}

/** Send a refused act again, with a further field where the person chose another way. */
export function retry(id, field = null) {
  const act = list().find((each) => each.id === id);
  const fields = field ? [...act.fields, field] : act.fields;
  change(id, { refused: "", fields });
  return send();
}

// What was refused holds the acts on the same job; one at the time clock holds all, and is held by all.
const holds = (refused, act) => !refused.job || !act.job || refused.job === act.job;

/** The act that is sent next; none while all that waits was refused or depends on what was. */
export function next() {
  const refused = [];
  for (const act of waiting()) {
    if (!act.refused && !refused.some((each) => holds(each, act))) return act;
    if (act.refused) refused.push(act);
  }
  return null;
}

// ---- The shop's clock, which may stand or run fast, as far as the phone knows it ----

function setClock(now, speed) {
  write(CLOCK, { shop: Date.parse(now), speed: Number(speed), phone: Date.now() });
}

export function shopTime() {
  const known = read(CLOCK) || { shop: Date.now(), speed: 1, phone: Date.now() };
  return new Date(known.shop + Math.max(0, Date.now() - known.phone) * known.speed);
}

/** The shop's wall clock at that moment, as 14:05. */
export const wallClock = (iso) =>
  new Date(iso).toLocaleTimeString("zh-CN", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: page.dataset.zone,
  });

// ---- Sending ----

let token = document.querySelector("meta[name=csrf-token]")?.content || "";
let isFresh = !isKept; // Whether the token and the clock come from the server just now.

/** Send what waits. Tells what came of it: nothing, applied, offline, refused, signed-out, other. */
export async function send() {
  const locks = navigator.locks;
  // Two open pages of the same phone take turns.
  return locks ? locks.request(KEY, drain) : drain();
}

async function drain() {
  let outcome = { kind: "nothing" };
  for (;;) {
    const act = next();
    if (!act) break;
    const came = (isFresh ? null : await look()) || (await post(act));
    if (came.kind === "applied") change(act.id, { done: Date.now() });
    if (came.kind === "refused")
      change(act.id, { refused: came.words, code: came.code, way: came.way });
    else if (came.kind !== "applied") return { ...came, url: outcome.url };
    outcome = { ...came, url: came.url || outcome.url };
  }
  return outcome;
}

async function ask(url, options = {}) {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(url, { ...options, headers });
    if (answer.status >= 500 || answer.status === 429) return { kind: "offline" };
    if (answer.redirected) return { kind: "signed-out" };
    return { kind: "answered", ok: answer.ok, said: await answer.json() };
  } catch {
    return { kind: "offline" };
  }
}

// Before anything late is sent: is the line back, is it still me, what time is it?
async function look() {
  const answer = await ask(page.dataset.look);
  if (answer.kind !== "answered") return answer;
  if (!answer.ok || String(answer.said.user) !== user) return { kind: "other" };
  token = answer.said.csrf_token;
  setClock(answer.said.now, answer.said.speed);
  isFresh = true;
  return null;
}

async function post(act, again = false) {
  const body = new FormData();
  for (const [name, value] of act.fields) body.append(name, value);
  body.set("csrf_token", token);
  body.set("client_id", act.id);
  body.set("tapped_at", act.tapped);
  body.set("user", act.user);
  const answer = await ask(act.url, { method: "POST", body });
  if (answer.kind === "offline") isFresh = false;
  if (answer.kind !== "answered") return answer;
  if (answer.ok) return { kind: "applied", url: answer.said.url };
  if (answer.said.code === "old_page" && !again) return (await look()) || post(act, true);
  const { detail, code, way } = answer.said;
  return { kind: "refused", words: detail, code, way: way?.open ? way : null };
}

if (!isKept) {
  setClock(page.dataset.now, page.dataset.speed);
  // While it was on its way, another page may have sent something that it does not show.
  forgetDone(performance.timeOrigin);
}
