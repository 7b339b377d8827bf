// Somebody else's move: the card glides once to where it is now, and says for a moment who it was.
// live.js passes the frames on; board.js renews the board and says when.

import { fill, one, say, words } from "./grid.js";

const GLIDE_MS = 600;
const NAMED_MS = 8000;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const movers = new Map(); // Card id → who moved it, since the board was last renewed.
const before = new Map(); // Card id → where it was, and its times.

const place = (card) => [card.closest(".bd-row")?.dataset.id, card.dataset.from, card.dataset.to].join();

function remember() {
  before.clear();
  for (const [id, { job }] of movers) {
    const card = document.getElementById(id) || one(`.q-card[data-job="${job}"]`);
    if (!card) continue;
    before.set(id, { box: card.getBoundingClientRect(), place: place(card), plate: card.dataset.plate });
  }
}

function show() {
  for (const [id, { by, job }] of movers) {
    const card = document.getElementById(id);
    const old = before.get(id);
    if (card && old?.place === place(card)) continue; // It is where it was.
    const plate = (card || one(`.q-card[data-job="${job}"]`))?.dataset.plate || old?.plate;
    // What is on another day's board does not concern this one.
    if (plate) say(fill(words.moved, { name: by, plate }));
    if (card) name(card, by);
    if (card && old && !calm.matches) glide(card, old.box);
  }
  movers.clear();
}

function glide(card, from) {
  const to = card.getBoundingClientRect();
  const start = `translate(${from.left - to.left}px, ${from.top - to.top}px)`;
  const lane = card.closest(".bd-lane");
  lane.classList.add("is-open"); // The card comes from outside its row.
  const flight = card.animate([{ transform: start }, { transform: "none" }], {
    duration: GLIDE_MS,
    easing: "ease-in-out",
  });
  const land = () => lane.classList.remove("is-open");
  flight.finished.then(land, land);
}

// The board may be renewed again meanwhile: the name stays for its time all the same.
const named = new Map();

function name(card, by) {
  named.set(card.id, { by, until: Date.now() + NAMED_MS });
  mark(card, by);
  setTimeout(() => one(`#${card.id} .bd-mover`)?.remove(), NAMED_MS);
}

function mark(card, by) {
  const tag = document.createElement("span");
  tag.className = "bd-mover";
  tag.setAttribute("aria-hidden", "true");
  tag.textContent = by;
  card.append(tag);
}

function markAgain() {
  for (const [id, { by, until }] of named) {
    const card = document.getElementById(id);
    if (until < Date.now()) named.delete(id);
    else if (card && !one(".bd-mover", card)) mark(card, by);
  }
}

if (words) {
  document.addEventListener("workshop:moved", ({ detail }) => {
    if (detail.by && String(detail.by_id) !== words.me) movers.set(`card-${detail.id}`, detail);
  });
  document.addEventListener("workshop:board-before", remember);
  document.addEventListener("workshop:board-fresh", () => {
    show();
    markAgain();
  });
}
