// The welcome board: keeps the clock, turns its pages, and fetches itself again each minute. While the
// server is away it shows what it has with a band, and comes back by itself: it is never loaded into
// the void.

import * as line from "../base/line.js";

const PAGE_MS = 12000;
const ROUND_MS = 60000;

const clock = document.querySelector("[data-clock]");
let shopStart;
let hereStart;
let hour;
let minute;

// The shop's clock may be ahead of this machine's, or stand still in a demo.
function begin(from) {
  shopStart = from ? new Date(from.dateTime).getTime() : Date.now();
  hereStart = Date.now();
  [hour, minute] = (from ? from.textContent.trim() : "0:0").split(":").map(Number);
}

function tick() {
  if (!clock) return;
  const passed = Math.floor((new Date(shopStart).getSeconds() * 1000 + Date.now() - hereStart) / 60000);
  const minutes = (hour * 60 + minute + passed) % 1440;
  clock.textContent = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

let page = 1;

function turn() {
  const rows = [...document.querySelectorAll("[data-page]")];
  const pages = Math.max(1, ...rows.map((row) => Number(row.dataset.page)));
  page = (page % pages) + 1;
  for (const row of rows) row.hidden = Number(row.dataset.page) !== page;
  show(pages);
}

function show(pages) {
  const place = document.querySelector("[data-welcome-page]");
  if (place) place.textContent = pages > 1 ? `${page} / ${pages}` : "";
}

const count = () =>
  Math.max(1, ...[...document.querySelectorAll("[data-page]")].map((row) => Number(row.dataset.page)));

async function renew() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return line.doubt();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const body = fresh.getElementById("main");
    if (!body || !fresh.querySelector("[data-updated-line]")) return line.doubt();
    document.getElementById("main").replaceWith(document.importNode(body, true));
    begin(fresh.querySelector("[data-clock]"));
    page = 1;
    show(count());
    line.heard(line.timeOf(fresh));
  } catch {
    line.doubt();
  }
  return undefined;
}

begin(clock);
show(count());
line.heard("");
line.onBack(renew);
setInterval(tick, 1000);
setInterval(turn, PAGE_MS);
setInterval(renew, ROUND_MS);
// A board that only waited a minute would look alive long after the server has gone.
setInterval(line.doubt, 5000);
