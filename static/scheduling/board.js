// The job control board: puts cards at their times, opens the place form in a dialog, and keeps the
// picture fresh. Everything also works without it: links lead to pages, forms are plain forms.

import * as line from "../base/line.js";
import { patch } from "../base/patch.js";

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const PIXELS = { 60: 0, 30: 150, 15: 280 }; // Width of an hour; 0 fits the page.
const USUAL = "30"; // At 60 a short job has no room for its words.
const BEFORE_NOW = 1; // Hours that stay in sight left of the line of now.
const REFRESH = 15000;
const SOON_MS = 30;
const PAUSE_MS = 300;
const dialog = one("#place-dialog");
const board = () => one("#board, #week"); // What is renewed: the day, or the week.

function remember(value) {
  try {
    if (value) localStorage.setItem("workshop.board.zoom", value);
    return localStorage.getItem("workshop.board.zoom") || USUAL;
  } catch {
    return value || USUAL;
  }
}

// ---- Drawing ----

function draw() {
  const grid = one("[data-board]");
  if (!grid) return;
  const begins = Date.parse(grid.dataset.begins);
  const length = Date.parse(grid.dataset.ends) - begins;
  const share = (at) => (Date.parse(at) - begins) / length;
  grid.classList.add("is-drawn");
  for (const mark of all("[data-at]", grid)) putMark(mark, share(mark.dataset.at));
  for (const span of all(".bd-open", grid)) {
    span.style.left = percent(share(span.dataset.from));
    span.style.width = percent(share(span.dataset.to) - share(span.dataset.from));
  }
  for (const card of all(".bd-card", grid)) putCard(card, share);
  zoom(grid, remember());
  drawNow(grid, begins, length);
}

const percent = (part) => `${(part * 100).toFixed(3)}%`;

function putMark(mark, part) {
  mark.style.left = percent(part);
  mark.hidden = part < 0 || part > 1;
  mark.classList.toggle("is-first", part === 0);
  mark.classList.toggle("is-last", part === 1);
}

function putCard(card, share) {
  // Work that goes on is drawn where it began; what is moved is its planned time.
  const { drawnFrom, drawnTo, drawnUntil } = card.dataset;
  const from = Math.max(0, share(drawnFrom || card.dataset.from));
  const to = share(drawnTo || card.dataset.to);
  const until = share(drawnUntil || card.dataset.until);
  card.style.left = percent(from);
  card.style.width = percent(until - from);
  const work = percent((to - from) / (until - from));
  one(".bd-work", card).style.width = work;
  const grip = one(".bd-grip", card);
  if (grip) grip.style.left = `calc(${work} - 8px)`;
}

// A short card has no room for its words: they stand beside it while it is looked at.
const tip = document.createElement("p");
tip.className = "bd-tip";
tip.setAttribute("aria-hidden", "true");

let tipOf = null;

// The other pieces of the same car are marked with the one that is looked at.
function tie(card) {
  for (const each of all(".bd-card.is-tied")) each.classList.remove("is-tied");
  const car = card?.dataset.car;
  if (car) for (const each of all(`.bd-card[data-car="${car}"]`)) each.classList.add("is-tied");
}

function showTip(card) {
  tipOf = card;
  tie(card);
  if (!card?.isConnected || document.body.dataset.held) {
    tip.remove();
    return;
  }
  const parts = [".bd-plate", ".bd-title", ".bd-all"].map((each) => one(each, card)?.textContent.trim());
  tip.replaceChildren(...parts.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  document.body.append(tip);
  const box = card.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8));
  const below = box.bottom + tip.offsetHeight + 8 < innerHeight;
  const top = below ? box.bottom + 4 : box.top - tip.offsetHeight - 4;
  tip.style.transform = `translate(${left}px, ${top}px)`;
}

function drawNow(grid, begins, length) {
  const part = (Date.parse(grid.dataset.now) - begins) / length;
  const line = one("[data-now-line]", grid);
  const words = one("[data-now-time]", grid);
  line.hidden = words.hidden = part < 0 || part > 1;
  line.style.left = `calc(var(--bd-label) + (100% - var(--bd-label)) * ${part.toFixed(5)})`;
  words.style.left = percent(Math.min(Math.max(part, 0.025), 0.975));
}

// The day is wider than the screen: begin where the work is.
function showNow() {
  const grid = one("[data-board]");
  const scroll = one(".bd-scroll");
  if (!grid || !scroll) return;
  const begins = Date.parse(grid.dataset.begins);
  const length = Date.parse(grid.dataset.ends) - begins;
  const at = Date.parse(grid.dataset.now) - BEFORE_NOW * 3600000 - begins;
  const lane = one(".bd-lane", grid).clientWidth;
  scroll.scrollLeft = at > 0 && at < length ? (lane * at) / length : 0;
}

function zoom(grid, level) {
  const hours = (Date.parse(grid.dataset.ends) - Date.parse(grid.dataset.begins)) / 3600000;
  grid.style.minWidth = PIXELS[level] ? `calc(var(--bd-label) + ${hours * PIXELS[level]}px)` : "";
  for (const button of all("[data-zoom]")) {
    button.setAttribute("aria-pressed", String(button.dataset.zoom === level));
  }
}

// ---- The place form in a dialog ----

async function openPlace(address, field = "") {
  const page = await load(address);
  const form = page && one("#place", page);
  if (!form) {
    location.href = address;
    return;
  }

  fill(form);
  if (!dialog.open) dialog.showModal();
  const wanted = field && one(`[name="${field}"]`, dialog);
  (wanted || one(".form-errors", dialog) || one("select, input:not([type='hidden'])", dialog))?.focus();
}

function fill(form) {
  dialog.replaceChildren(document.importNode(form, true));
  for (const each of all("form", dialog)) each.noValidate = true;
}

async function sendPlace(event) {
  const form = event.target;
  event.preventDefault();
  if (form.dataset.sent) return; // A second press of the same button.
  form.dataset.sent = "yes";
  const body = new FormData(form, event.submitter);
  event.submitter?.setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const again = one("#place", page);
  if (again) {
    fill(again);
    (one("[role='alert']", dialog) || one("button[type='submit']", dialog))?.focus();
    return;
  }
  dialog.close();
  one("#bd-refused")?.replaceChildren(); // What it said of places is no longer so.
  if (board() && one("#board", page)) {
    // The answer shows the job's day; whoever plans stays on the days and rows they look at.
    const here = await loadAgain();
    if (here) renewBoard(here);
    say(page, answer.ok);
  } else if (answer.ok) {
    location.href = answer.url;
  } else {
    say(page, false);
  }
}

function say(page, good) {
  const words = (one(".notices p", page) || one(".notice, main p", page))?.textContent.trim();
  if (!words) return;
  const region = one("#board-said");
  if (region) region.textContent = words;
  const detail = { text: words, tone: good ? "good" : "bad" };
  document.dispatchEvent(new CustomEvent("workshop:toast", { detail }));
}

// ---- Staying fresh: the day is sent once; later only what differs is touched (base/patch.js) ----

async function load(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  return answer.ok ? read(answer) : null;
}

const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

// The content of this page as it is now, without its frame; null while nothing has changed.
let tag = '"none"';
async function loadAgain() {
  const headers = { Accept: "text/html", "If-None-Match": tag, "Workshop-Parts": "yes" };
  const answer = await fetch(location.href, { cache: "no-store", headers });
  if (!answer.ok || answer.redirected) return null;
  const page = await read(answer);
  return { page, tag: answer.headers.get("ETag") || '"none"' };
}

function renewBoard(here) {
  const old = board();
  const fresh = old && one(`#${old.id}`, here.page);
  if (!fresh) return;
  showTip(null);
  document.dispatchEvent(new Event("workshop:board-before"));
  const { left } = patch(old, fresh);
  tag = left.length ? '"none"' : here.tag;
  line.heard(line.timeOf(here.page));
  // The day may have become another one since the page was opened.
  for (const part of [".page-sub", "#bd-undo"]) {
    const there = one(part);
    if (there && one(part, here.page)) patch(there, one(part, here.page));
  }
  draw();
  document.dispatchEvent(new Event("workshop:board-fresh"));
}

// moving.js asks for the board as it is now, whatever is that is held.
async function reload({ detail }) {
  try {
    const here = await loadAgain();
    if (here) renewBoard(here);
  } finally {
    detail.done();
  }
}

// A form, a card that is held, or a card's menu: what somebody is at is not moved under them.
const isHeld = () => dialog?.open || document.body.dataset.held || one("#bd-menu:not([hidden])");

let isAsking = false;
let asked = 0;

async function refresh() {
  if (document.hidden || !board() || isHeld() || isAsking) return;
  isAsking = true;
  asked = performance.now();
  try {
    const here = await loadAgain();
    if (here && !isHeld()) renewBoard(here);
  } catch {
    // The line is down; the next try may find it again.
  }
  isAsking = false;
}

// An act is told in several frames, and several orders may move at once: one look is enough for all.
let coming = 0;
function refreshSoon() {
  coming ||= setTimeout(() => {
    coming = 0;
    if (isAsking) refreshSoon();
    else refresh();
  }, Math.max(SOON_MS, asked + PAUSE_MS - performance.now()));
}

// ---- Start ----

document.addEventListener("click", (event) => {
  const level = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (level) {
    remember(level);
    draw();
    showNow();
  }
  const link = event.target.closest("a[data-dialog]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (link && dialog && plain) {
    event.preventDefault();
    openPlace(link.href).catch(() => (location.href = link.href));
  }
  if (event.target.closest("#place-dialog [data-close]")) {
    event.preventDefault();
    dialog.close();
  }
});
dialog?.addEventListener("submit", (event) => {
  const form = event.target;
  sendPlace(event).catch(() => form.submit());
});
dialog?.addEventListener("close", () => dialog.replaceChildren());
draw();
showNow();
if (board()) setInterval(refresh, REFRESH);
document.addEventListener("workshop:order", refreshSoon);
document.addEventListener("workshop:board-reload", reload);
document.addEventListener("workshop:board-open", ({ detail }) => {
  openPlace(detail.url, detail.field).catch(() => (location.href = detail.url));
});
for (const come of ["pointerover", "focusin"]) {
  document.addEventListener(come, (event) => showTip(event.target.closest?.(".is-drawn .bd-card")));
}
document.addEventListener("pointerdown", () => showTip(null));
document.addEventListener("keydown", (event) => event.key === "Escape" && showTip(null));
addEventListener("scroll", () => tipOf && showTip(tipOf), { capture: true, passive: true });
