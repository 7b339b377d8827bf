// The television: keeps the line, the clock and the honesty of what it shows.
// Frames (workshop/live.py): row, gone, heartbeat, revoked, reload. All rows together are read by HTTP:
// on each connection, when the digest of a heartbeat says that a frame was missed, and every 15 s as
// long as the socket is silent. So the picture is right without a socket too, only later.

import * as clock from "./clock.js";
import * as paint from "./paint.js";
import * as rows from "./rows.js";

const STALE_MS = 30000;
const CUT_MS = 3000;
const NEUTRAL_MS = 180000;
const ASK_MS = 15000;
const SEEN_MS = 300000;
const one = (selector) => document.querySelector(selector);
const board = one("[data-board]");
const updated = one("[data-updated]");

let heardAt = performance.now();
let heardClock = "";
let closes = null;
let cutAt = null;
let tag = "";

const socket = window.io("/screen", {
  // No polling: its requests would reach different processes of a shop that runs several.
  transports: ["websocket"],
  // With its jitter at most nine seconds between two tries, so that the picture is back in time.
  reconnectionDelay: 500,
  reconnectionDelayMax: 6000,
  randomizationFactor: 0.5,
});

socket.on("row", (row) => {
  const moved = rows.put(row);
  heard();
  if (moved) paint.mark(row.id);
  if (moved && row.stage === "ready") {
    paint.first();
    ring();
  }
  paint.draw();
});
socket.on("gone", ({ id }) => {
  rows.remove(id);
  heard();
  paint.draw();
});
socket.on("heartbeat", (frame) => {
  pulse(frame);
  if (frame.digest !== rows.digest()) readAll();
});
socket.on("revoked", reload);
socket.on("reload", reload);
// Refused, or no place for one more socket: the answer to the question for the rows says which.
socket.on("connect_error", () => {
  if (!socket.active) reload();
  else if (performance.now() - askedAt > ASK_MS / 3) read();
});
socket.on("connect", async () => {
  cutAt = null;
  await readAll();
  seen();
});
socket.on("disconnect", (reason) => {
  cut();
  if (reason === "io server disconnect") reload();
  else setTimeout(() => socket.connected || read(), 1000);
});

// What the television has is said, so that the answer is short when nothing has happened.
let askedAt = 0;
async function read() {
  askedAt = performance.now();
  const headers = tag ? { "If-None-Match": `"${tag}"` } : {};
  try {
    const answer = await fetch(board.dataset.all, { cache: "no-store", headers });
    if (answer.status === 403) return reload();
    if (answer.status === 304) return answered();
    if (!answer.ok) return cut();
    const frame = await answer.json();
    tag = frame.tag;
    rows.replace(frame.rows);
    pulse(frame);
    answered();
    paint.draw();
  } catch {
    // The server is away, or a captive portal answers with a page of its own: the next try follows.
    cut();
  }
}

function readAll() {
  tag = "";
  return read();
}

// Who gets answers is not cut off, socket or not.
function answered() {
  cutAt = null;
  heard();
}

function cut() {
  if (cutAt === null) cutAt = performance.now();
}

function seen() {
  const token = one("meta[name='csrf-token']").content;
  fetch(board.dataset.seen, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
}

function pulse(frame) {
  clock.set(frame.now, frame.speed);
  closes = frame.closes ? Date.parse(frame.closes + ":00Z") : 0;
  heard();
}

function heard() {
  heardAt = performance.now();
  heardClock = clock.text(clock.now());
}

// Never into the void: the page is loaded again only when the server answers.
function reload() {
  setTimeout(async () => {
    try {
      const answer = await fetch(board.dataset.page, { cache: "no-store" });
      if (answer.ok) return location.reload();
    } catch {
      // The server is away; the next try follows.
    }
    return reload();
  }, 1000 + Math.random() * 4000);
}

function tick() {
  clock.show();
  const silence = performance.now() - heardAt;
  const dark = closes !== null && (closes === 0 || clock.now().getTime() >= closes);
  const neutral = !dark && silence > NEUTRAL_MS;
  document.documentElement.classList.toggle("is-dark", dark);
  document.documentElement.classList.toggle("is-neutral", neutral);
  one("[data-dark]").hidden = !dark;
  one("[data-neutral]").hidden = !neutral;
  const isCut = cutAt !== null && performance.now() - cutAt > CUT_MS;
  updated.classList.toggle("is-stale", isCut || silence > STALE_MS);
  if (heardClock) {
    const { updatedWords, cutWords } = one("[data-updated-words]").dataset;
    updated.textContent = (isCut ? cutWords : updatedWords).replace("{time}", heardClock);
  }
  paint.turn();
}

// Two soft notes, and only where the shop asked for them.
function ring() {
  if (board.dataset.chime === undefined) return;
  try {
    const sound = new AudioContext();
    [660, 880].forEach((pitch, place) => {
      const note = sound.createOscillator();
      const volume = sound.createGain();
      const start = sound.currentTime + place * 0.35;
      note.frequency.value = pitch;
      volume.gain.setValueAtTime(0.12, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
      note.connect(volume).connect(sound.destination);
      note.start(start);
      note.stop(start + 0.6);
    });
  } catch {
    // A television that forbids sound stays silent.
  }
}

// The picture wanders a little every hour, so that nothing burns in.
function shift() {
  const hour = Math.floor(Date.now() / 3600000);
  const across = (hour % 5) - 2;
  const down = (Math.floor(hour / 5) % 5) - 2;
  one("[data-screen]").style.transform = `translate(${across * 4}px, ${down * 4}px)`;
}

async function stayAwake() {
  try {
    if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen");
  } catch {
    // Not on plain HTTP; the television's own settings must do then.
  }
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
shift();
paint.first();
setInterval(tick, 250);
setInterval(() => {
  if (!socket.connected || performance.now() - heardAt > ASK_MS) read();
}, ASK_MS);
setInterval(seen, SEEN_MS);
setInterval(shift, 60000);
