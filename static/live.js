// Desk pages that keep themselves fresh. An element with an id and data-live="orders" is asked for
// again as soon as an order of the branch changes; with data-live-order="RO…" only when that order
// does. A car that arrives renews them all, and so does each minute, for the waiting times. The server
// sends the page's content without its frame, and only the pieces that differ are touched (base/patch.js).
// A piece in which somebody types, or has opened something, waits until they left.
// It says when it was updated, and shows a band while the server does not answer (base/line.js).
// The count of the inbox (base/inbox.js) hears of each change too.
// A page asks for it with <script type="module" src="{{ asset("live.js") }}">.

import * as line from "./base/line.js";
import { holdsTaken, patch } from "./base/patch.js";

const SOON_MS = 30; // One act is told in several frames.
const PAUSE_MS = 300; // And a desk asks no more often than this.
const MINUTE_MS = 60000;
const ASK_MS = 15000;
const waiting = new Set();
let timer;

const parts = () => [...document.querySelectorAll("[data-live='orders'][id]")];

// Between a finger's press and its release nothing is replaced under it.
let isPressed = false;
addEventListener("pointerdown", () => (isPressed = true), true);
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => setTimeout(() => (isPressed = false), PAUSE_MS), true);
}

// By part: the tag of the page that it was taken from. The server answers 304 while it is the same.
const tags = new Map();
function tagOf(ids) {
  const [first, ...others] = ids.map((id) => tags.get(id));
  return first && others.every((each) => each === first) ? first : '"none"';
}

let isAsking = false;
let asked = 0;

async function refresh() {
  const ids = [...waiting].filter((id) => document.getElementById(id));
  if (!ids.length || isPressed || isAsking) return;
  isAsking = true;
  asked = performance.now();
  // What is heard from now on may not be in the answer.
  for (const id of ids) waiting.delete(id);
  const left = await renew(ids).catch(() => {
    // The next frame, or the reconnection, tries again.
    line.doubt();
    return ids;
  });
  isAsking = false;
  if (waiting.size) soon();
  for (const id of left) waiting.add(id);
}

// Gives the parts that could not be renewed now.
async function renew(ids) {
  const headers = { Accept: "text/html", "If-None-Match": tagOf(ids), "Workshop-Parts": "yes" };
  const answer = await fetch(location.href, { cache: "no-store", headers });
  if (answer.status === 304) {
    line.heard("");
    return [];
  }
  if (answer.status >= 500) line.doubt();
  if (!answer.ok || answer.redirected) return ids;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  line.heard(line.timeOf(page));
  const tag = answer.headers.get("ETag");
  return ids.filter((id) => !renewPart(id, page.getElementById(id), tag));
}

// Whether the part is as the server sent it.
function renewPart(id, fresh, tag) {
  const part = document.getElementById(id);
  if (!part || !fresh) return true;
  if (isPressed) return false;
  const { changed, left } = patch(part, fresh);
  kept.set(id, left);
  if (changed) part.dispatchEvent(new CustomEvent("workshop:fresh", { bubbles: true }));
  // What was left is not there yet, whatever the tag says.
  tags.set(id, left.length ? null : tag);
  return true;
}

// What was left to somebody is asked for once they have left it.
const kept = new Map();
function askForLeft() {
  for (const [id, left] of kept) {
    if (left.some((each) => each.isConnected && !holdsTaken(each))) waiting.add(id);
  }
  if (waiting.size) soon();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, Math.max(SOON_MS, asked + PAUSE_MS - performance.now()));
}

function ask(no) {
  document.dispatchEvent(new Event("workshop:changed"));
  for (const part of parts()) {
    if (!no || !part.dataset.liveOrder || part.dataset.liveOrder === no) waiting.add(part.id);
  }
  soon();
}

function listen() {
  // No polling: its requests would reach different processes of a shop that runs several.
  const socket = window.io("/staff", { transports: ["websocket"] });
  let missed = false;
  socket.on("order", (frame) => {
    document.dispatchEvent(new CustomEvent("workshop:order", { detail: frame }));
    ask(frame.no);
  });
  socket.on("moved", (frame) => {
    document.dispatchEvent(new CustomEvent("workshop:moved", { detail: frame }));
  });
  socket.on("arrival", () => ask(""));
  socket.on("presence", (frame) => {
    document.dispatchEvent(new CustomEvent("workshop:order", { detail: frame }));
    ask("");
  });
  socket.on("disconnect", () => {
    missed = true;
    line.doubt();
  });
  socket.on("connect_error", () => line.doubt());
  // What was said while the line was down is not repeated, so look once.
  socket.on("connect", () => missed && ask(""));
  setInterval(() => socket.connected || document.hidden || askWhetherChanged(), ASK_MS);
}

// No place for one more socket: a number that costs the server nothing says whether to look again.
let tag = "";
async function askWhetherChanged() {
  try {
    const headers = tag ? { "If-None-Match": `"${tag}"` } : {};
    const answer = await fetch("/changes", { cache: "no-store", headers });
    if (answer.status !== 200 || answer.redirected) return;
    tag = (await answer.json()).tag;
    ask("");
  } catch {
    // base/line.js looks after the line.
  }
}

function load() {
  const script = document.createElement("script");
  script.src = new URL("vendor/socket.io.min.js", import.meta.url).href;
  script.addEventListener("load", listen);
  document.head.append(script);
}

const isLive = parts().length || document.querySelector("[data-live='events']");
if (isLive || document.querySelector("[data-inbox]")) load();
if (isLive) {
  line.heard("");
  line.onBack(() => ask(""));
  for (const end of ["focusout", "toggle"]) {
    document.addEventListener(end, () => setTimeout(askForLeft, PAUSE_MS), true);
  }
  setInterval(askForLeft, ASK_MS);
  setInterval(() => document.hidden || ask(""), MINUTE_MS);
}
