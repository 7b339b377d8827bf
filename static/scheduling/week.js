// A card of the week that is held: it goes to another day or to another person. The server finds
// the time, by the same rules as the board; another day opens the form for the customer's consent.

import { dropOnDay } from "./drop.js";
import { all, fill, one, say, words } from "./grid.js";

const LIFT_PX = 5; // Less is a press, not a drag.

let press = null;
let lifted = null;

function pressed(event) {
  const card = event.target.closest(".wk-chip[data-drop-day]");
  if (event.button !== 0 || event.pointerType === "touch" || !card || lifted || one("dialog[open]")) return;
  press = { card, x: event.clientX, y: event.clientY, id: event.pointerId };
}

function lift({ card: pressedOn, x, y, id }) {
  // The week may have been renewed since the press: the same card stands there again.
  const card = pressedOn.isConnected ? pressedOn : document.getElementById(pressedOn.id);
  press = null;
  if (!card) return;
  const box = card.getBoundingClientRect();
  const ghost = card.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.classList.add("wk-ghost");
  ghost.style.width = `${box.width}px`;
  document.body.append(ghost);
  const cells = all(".wk td[data-day]");
  lifted = { card, ghost, cells, pointer: id, dx: x - box.left, dy: y - box.top, home: { left: box.left, top: box.top } };
  card.classList.add("is-lifted");
  card.setPointerCapture(id);
  document.body.dataset.held = "move";
  say(fill(words.lifted, card.dataset));
}

function pointed(event) {
  if (press && !lifted && Math.hypot(event.clientX - press.x, event.clientY - press.y) > LIFT_PX) lift(press);
  if (!lifted || lifted.sent || lifted.pointer !== event.pointerId) return;
  const { clientX: x, clientY: y } = event;
  lifted.ghost.style.transform = `translate3d(${x - lifted.dx}px, ${y - lifted.dy}px, 0)`;
  const cell = document.elementFromPoint(x, y)?.closest("td[data-day]") || null;
  if (cell === lifted.cell) return;
  lifted.cell?.classList.remove("is-target");
  cell?.classList.add("is-target");
  lifted.cell = cell;
}

function released(event) {
  press = null;
  if (!lifted || lifted.sent || lifted.pointer !== event.pointerId) return;
  addEventListener("click", drop_click, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", drop_click, { capture: true }), 0);
  const { card, cell } = lifted;
  if (!cell || cell === card.closest("td")) {
    putBack();
    return;
  }
  lifted.sent = true;
  dropOnDay(card, cell, lifted, letGo);
}

function drop_click(event) {
  event.preventDefault();
  event.stopPropagation();
}

function putBack() {
  say(fill(words.back, lifted.card.dataset));
  letGo(lifted);
}

function letGo(held) {
  held.ghost.remove();
  held.card.classList.remove("is-lifted");
  held.cell?.classList.remove("is-target");
  delete document.body.dataset.held;
  lifted = null;
}

if (words) {
  addEventListener("pointerdown", pressed);
  addEventListener("pointermove", pointed);
  addEventListener("pointerup", released);
  addEventListener("pointercancel", () => {
    press = null;
    if (lifted && !lifted.sent) putBack();
  });
  addEventListener("dragstart", (event) => event.target.closest?.(".wk-chip") && event.preventDefault());
  addEventListener("keydown", (event) => event.key === "Escape" && lifted && !lifted.sent && putBack());
}
