// Acts on their way to the shop: kept on the phone until they are applied, sent in the order of the
// taps, each with an id of its own, so that the server applies it once however often it comes. A
// refused act holds what depends on it, until the person tries again or drops it; the rest goes on.

import * as photos from "./photos.js";

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

/** Keep an act. A photo among its fields is laid aside first: it is too big for the list. */
export async function add(act) {
  const tapped = shopTime().toISOString();
  const fields = await Promise.all(act.fields.map(([name, value]) => layAside(name, value)));
  save([...list(), { ...act, fields: fields.filter(Boolean), user, tapped }]);
}

async function layAside(name, value) {
  if (!(value instanceof File)) return [name, value];
  return value.size ? [name, await photos.keep(newId(), value)] : null;
}

const photosOf = (act) => act.fields.map(([, value]) => value.photo).filter(Boolean);

export function drop(id) {
  const gone = list().find((act) => act.id === id);
  if (gone) photos.forget(photosOf(gone));
  save(list().filter((act) => act.id !== id));
}

/** Another version of a fact that was refused takes the place of the refused one. */
export function dropRefused(job, slot) {
  for (const act of waiting()) {
    if (act.refused && act.job === job && act.slot === slot) drop(act.id);
  }
}

/** What was applied before the page was asked for stands on it, and needs no reminder any more. */
export function forgetDone(asked = Infinity) {
  write(KEY, list().filter((act) => !act.done || act.done >= asked));
}

/** Send a refused act again, with a field of another value where the person chose another way. */
export function retry(id, field = null) {
  const act = list().find((each) => each.id === id);
  const others = act.fields.filter(([name]) => name !== field?.[0]);
  change(id, { refused: "", versions: null, fields: field ? [...others, field] : act.fields });
  return send();
}

/** Send an act that met somebody else's: both versions were shown, and this one is meant. */
export function insist(id) {
  const { fields, version } = list().find((each) => each.id === id);
  const [seen] = fields.find(([name]) => name === "seen" || name.endsWith("-seen"));
  return retry(id, [seen, version]);
}

// What was refused holds the acts on the same job; one at the time clock holds all, and is held by
// all. Where the facts of a job stand alone (slot), it holds its own fact and what needs them all.
const holds = (refused, act) =>
  !refused.job || !act.job || (refused.job === act.job && isAbout(refused.slot, act.slot));
const isAbout = (slot, next) => !slot || !next || next === "all" || slot === next;

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
    if (came.kind === "applied") applied(act, came.marks);
    if (came.kind === "refused") {
      const { words: refused, code, way, versions, version } = came;
      change(act.id, { refused, code, way, versions, version });
    }
    else if (came.kind !== "applied") return { ...came, url: outcome.url };
    outcome = { ...came, url: came.url || outcome.url };
  }
  return outcome;
}

function applied(act, marks = {}) {
  photos.forget(photosOf(act));
  change(act.id, { done: Date.now() });
  for (const [name, [before, after]] of Object.entries(marks)) renew(name, before, after);
}

// What was changed from here is no news here: whoever knew the state before the act knows the one
// after it, on the page and in what still waits. Whoever knew another one is told by the server.
function renew(name, before, after) {
  const isKnown = (field) => field[0] === name && field[1] === before;
  const renewed = (act) => act.fields.map((field) => (isKnown(field) ? [name, after] : field));
  save(list().map((act) => (act.done ? act : { ...act, fields: renewed(act) })));
  for (const field of document.querySelectorAll(`input[name="${name}"]`)) {
    if (field.value === before) field.value = after;
  }
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
  for (const [name, value] of act.fields) {
    const photo = value.photo && (await photos.find(value.photo));
    if (value.photo && !photo) return { kind: "refused", words: page.dataset.lost, code: "lost" };
    if (photo) body.append(name, photo, value.name);
    else body.append(name, value);
  }
  body.set("csrf_token", token);
  body.set("client_id", act.id);
  body.set("tapped_at", act.tapped);
  body.set("user", act.user);
  const answer = await ask(act.url, { method: "POST", body });
  if (answer.kind === "offline") isFresh = false;
  if (answer.kind !== "answered") return answer;
  if (answer.ok) return { kind: "applied", url: answer.said.url, marks: answer.said.marks };
  if (answer.said.code === "old_page" && !again) return (await look()) || post(act, true);
  const { detail, code, way, versions, version } = answer.said;
  return { kind: "refused", words: detail, code, way: way?.open ? way : null, versions, version };
}

if (!isKept) {
  setClock(page.dataset.now, page.dataset.speed);
  // While it was on its way, another page may have sent something that it does not show.
  forgetDone(performance.timeOrigin);
}
