// Desk pages that keep themselves fresh. An element with an id and data-live="orders" is fetched
// again and replaced whenever an order of the branch changes; with data-live-order="RO…" only when
// that order does. A car that arrives renews them all, and so does each minute, for the waiting times.
// A part in which somebody types, or has opened something, waits until they left.
// It says when it was updated, and shows a band while the server does not answer (base/line.js).
// The count of the inbox (base/inbox.js) hears of each change too.
// A page asks for it with <script type="module" src="{{ asset("live.js") }}">.

import * as line from "./base/line.js";

const PAUSE_MS = 300;
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

// Each answer has tokens of its own and later seconds; what people see decides.
const look = (part) =>
  part.innerHTML
    .replace(/name="(csrf_token|client_id)" value="[^"]*"| data-seconds="\d+"/g, "")
    .replace(/\b[0-9a-f]{32}\b/g, "");

function isBusy(part) {
  if (isPressed) return true;
  const focus = document.activeElement;
  const typing = part.contains(focus) && /^(INPUT|TEXTAREA|SELECT)$/.test(focus.tagName);
  return typing || part.querySelector("details[open] form, dialog[open], [aria-busy='true']") !== null;
}

// By part: the tag of the page that it was taken from. The server answers 304 while it is the same.
const tags = new Map();
function tagOf(ids) {
  const [first, ...others] = ids.map((id) => tags.get(id));
  return first && others.every((each) => each === first) ? first : '"none"';
}

async function refresh() {
  const ready = [...waiting].filter((id) => {
    const part = document.getElementById(id);
    return part && !isBusy(part);
  });
  if (!ready.length) return;
  try {
    const headers = { Accept: "text/html", "If-None-Match": tagOf(ready) };
    const answer = await fetch(location.href, { cache: "no-store", headers });
    if (answer.status === 304) {
      for (const id of ready) waiting.delete(id);
      line.heard("");
      return;
    }
    if (answer.status >= 500) line.doubt();
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    line.heard(line.timeOf(page));
    const tag = answer.headers.get("ETag");
    for (const id of ready) swap(id, page.getElementById(id), tag);
  } catch {
    // The next frame, or the reconnection, tries again.
    line.doubt();
  }
}

function swap(id, fresh, tag) {
  const part = document.getElementById(id);
  if (!part || isBusy(part)) return;
  waiting.delete(id);
  tags.set(id, tag);
  if (!fresh || look(part) === look(fresh)) return;
  const focus = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceWith(document.importNode(fresh, true));
  if (focus) document.getElementById(focus)?.focus();
  document.getElementById(id).dispatchEvent(new CustomEvent("workshop:fresh", { bubbles: true }));
}

function ask(no) {
  document.dispatchEvent(new Event("workshop:changed"));
  for (const part of parts()) {
    if (!no || !part.dataset.liveOrder || part.dataset.liveOrder === no) waiting.add(part.id);
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE_MS);
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
  document.addEventListener("focusout", () => waiting.size && setTimeout(refresh, PAUSE_MS));
  setInterval(() => waiting.size && refresh(), 5000);
  setInterval(() => document.hidden || ask(""), MINUTE_MS);
}
