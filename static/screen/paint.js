// Draws pages of rows. A page is held for twelve seconds; a car that is ready comes to page one.

import * as clock from "./clock.js";
import * as rows from "./rows.js";

const ROWS_ON_A_PAGE = 6;
const HOLD_MS = 12000;
const one = (selector, root = document) => root.querySelector(selector);

const list = one("[data-rows]");
const template = one("template[data-row]");
const words = (kind, value) => one(`[data-words] [data-${kind}="${value}"]`)?.textContent ?? "";
const buckets = [...document.querySelectorAll("[data-words] [data-bucket]")].map(
  (each) => each.dataset.bucket,
);

let page = 0;
let turnAt = 0;
let fresh = "";

export function draw() {
  const all = rows.sorted();
  const pages = Math.max(1, Math.ceil(all.length / ROWS_ON_A_PAGE));
  page = Math.min(page, pages - 1);
  const start = page * ROWS_ON_A_PAGE;
  list.replaceChildren(...all.slice(start, start + ROWS_ON_A_PAGE).map(line));
  one("[data-board]").classList.toggle("is-empty", all.length === 0);
  one("[data-empty]").hidden = all.length > 0;
  one("[data-pages]").textContent = pages > 1 ? pageWords(pages) : "";
  fresh = "";
}

// The next page, when the present one has been held long enough.
export function turn() {
  const moment = performance.now();
  if (moment < turnAt) return;
  turnAt = moment + HOLD_MS;
  const pages = Math.ceil(rows.sorted().length / ROWS_ON_A_PAGE);
  page = pages > 1 ? (page + 1) % pages : 0;
  draw();
}

// The first page again, held from now on.
export function first() {
  page = 0;
  turnAt = performance.now() + HOLD_MS;
}

// The row that has just changed flashes once.
export function mark(id) {
  fresh = id;
}

function pageWords(pages) {
  const text = one("[data-page-words]").dataset.pageWords;
  return text.replace("{page}", String(page + 1)).replace("{pages}", String(pages));
}

function line(row) {
  const item = template.content.firstElementChild.cloneNode(true);
  const stage = buckets.indexOf(row.stage);
  item.classList.toggle("is-ready", row.stage === "ready");
  item.classList.toggle("is-fresh", row.id === fresh);
  one("[data-plate]", item).textContent = row.plate;
  one("[data-plate]", item).classList.toggle("is-long", row.plate.length > 10);
  one("[data-stage]", item).textContent = words("bucket", row.stage);
  one("[data-icon-place]", item).append(one(`template[data-icon="${row.stage}"]`).content.cloneNode(true));
  one("[data-promise]", item).textContent = time(row.promise);
  one("[data-first]", item).textContent = row.first ? time(row.first) : "";
  one("[data-why]", item).textContent = row.reason ? words("reason", row.reason) : "";
  [...item.querySelectorAll(".board-steps > li")].forEach((step, place) => {
    step.classList.toggle("is-done", place < stage);
    step.classList.toggle("is-current", place === stage);
  });
  return item;
}

// A promise of today is a time; of another day it has its date as well.
function time(promise) {
  if (!promise) return "–";
  const today = clock.now().toISOString().slice(0, 10);
  return promise.slice(0, 10) === today ? promise.slice(11) : `${promise.slice(5, 10)} ${promise.slice(11)}`;
}
