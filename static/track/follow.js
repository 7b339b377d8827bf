// The customer's page follows the car by itself: it asks four times a minute while something moves,
// once a minute otherwise, at once when somebody looks at it again, and never while it is hidden.
// Mostly the answer is that nothing has changed. What has changed takes its place part by part; what
// the customer has begun to answer, draw or write stays under the hand. Old browsers inside other
// apps show this page: nothing here is newer than ES2017.

import * as line from "../base/line.js";

const body = document.getElementById("track");
const LONGEST_MS = 120000;
const spread = (ms) => ms * (0.85 + Math.random() * 0.3);
const isTouched = (part) => part.querySelector("form[data-touched]") !== null;
const partsOf = (whole) => Array.from(whole.children).filter((each) => each.id);
// As the server wrote them: an opened fold or a drawn line is no change of the part.
const written = new Map(partsOf(body).map((part) => [part.id, part.innerHTML]));

let tag = body.dataset.tag;
let fails = 0;
let timer;
let isAsking = false;

function plan() {
  clearTimeout(timer);
  if (document.hidden) return;
  const pace = Number(body.dataset.pace) * 1000;
  timer = setTimeout(renew, spread(Math.min(pace * Math.pow(2, fails), LONGEST_MS)));
}

async function renew() {
  if (isAsking || document.hidden) return;
  isAsking = true;
  try {
    const answer = await fetch(location.href.split("#")[0], {
      cache: "no-store",
      credentials: "same-origin",
      headers: { Accept: "text/html", "If-None-Match": `"${tag}"` },
    });
    if (answer.status === 404) return location.reload(); // The link has ended: its page says so.
    if (answer.status === 304) return hear(answer);
    if (!answer.ok) throw new Error(answer.status);
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    hear(answer);
  } catch (error) {
    fails += 1;
    line.doubt();
  } finally {
    isAsking = false;
    plan();
  }
  return undefined;
}

// The shop's own clock writes the time.
function hear(answer) {
  fails = 0;
  line.heard(answer.headers.get("X-Shop-Time") || "");
}

function take(page) {
  const fresh = page.getElementById("track");
  if (!fresh) throw new Error("Not our page."); // A captive portal's, for example.
  const isBusy = isTouched(body);
  if (fresh.dataset.decides !== body.dataset.decides && !isBusy) location.reload();
  partsOf(fresh).reduce(place, null);
  const ids = partsOf(fresh).map((part) => part.id);
  for (const part of partsOf(body)) {
    if (ids.indexOf(part.id) < 0 && !isTouched(part)) part.remove();
  }
  const news = document.getElementById("track-news");
  if (news) news.hidden = !isBusy || fresh.dataset.decides === body.dataset.decides;
  body.dataset.pace = fresh.dataset.pace;
  tag = fresh.dataset.tag;
}

// Puts one part where it belongs and gives it back, so that the next one comes after it.
function place(before, part) {
  const mine = document.getElementById(part.id);
  if (mine && (written.get(part.id) === part.innerHTML || isTouched(mine))) return mine;
  if (part.querySelector("[data-signature]")) return mine || before; // It comes with a new page.
  written.set(part.id, part.innerHTML);
  const copy = document.importNode(part, true);
  if (mine) {
    for (const fold of mine.querySelectorAll("details[id][open]")) {
      const same = copy.querySelector(`[id="${fold.id}"]`);
      if (same) same.open = true;
    }
    mine.replaceWith(copy);
  } else if (before) before.after(copy);
  else body.prepend(copy);
  return copy;
}

function touch(event) {
  const form = event.target.closest && event.target.closest("form");
  if (form) form.setAttribute("data-touched", "");
}

document.addEventListener("input", touch);
document.addEventListener("change", touch);
document.addEventListener("pointerdown", (event) => event.target.closest("canvas") && touch(event));
line.patient();
line.heard("");
line.onBack(renew);
for (const back of ["pageshow", "online"]) addEventListener(back, (event) => event.persisted !== false && renew());
document.addEventListener("visibilitychange", renew);
plan();
