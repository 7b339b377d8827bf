// A card in the hand: with the mouse, a finger (held for a moment), or the arrow keys. Only a ghost
// moves, by transforms; the server decides where the card goes, by the same rules as the form.
// board.js draws and renews the board; while document.body.dataset.hand is set it leaves it alone.

import { closeRefusal, drop, sendAgain } from "./drop.js";
import { fill, makeGhost, MINUTE, one, say, span, survey, timeAt, titleOf, toast, words } from "./grid.js";

const KEY_STEP = 15 * MINUTE;
const LIFT_PX = 5; // Less is a press, not a drag.
const HOLD_MS = 350; // A finger that scrolls does not hold still that long.
const EDGE_PX = 48; // So near to an edge the board scrolls along,
const EDGE_MS = 300; // after so long,
const SCROLL_PX = 10; // and by so much a frame.

let press = null; // A pointer that is down and may become a drag.
let hand = null; // What is held.

const step = () => (one("[data-zoom='15'][aria-pressed='true']") ? 5 : 15) * MINUTE;

// ---- Taking a card up ----

function lift(card, { mode = "move", keys = false, x = 0, y = 0 } = {}) {
  const map = survey();
  if (!map?.rows.length) return;
  const row = map.rows.find((each) => each.row.contains(card)) || null;
  const planned = card.dataset.from !== undefined;
  const start = planned ? Date.parse(card.dataset.from) : map.begins;
  const length = planned
    ? Date.parse(card.dataset.to) - start
    : Number(card.dataset.minutes || 60) * MINUTE;
  const buffer = planned
    ? Date.parse(card.dataset.until) - Date.parse(card.dataset.to)
    : Number(map.grid.dataset.buffer) * MINUTE;
  const box = map.grid.getBoundingClientRect();
  const grabbed = planned ? timeAt(map, box, x) - start : 14 * map.pixel;
  const from = card.getBoundingClientRect();
  hand = { card, map, mode, keys, row, start, length, buffer, x, y, grabbed };
  hand.home = { row, start, length, left: from.left, top: from.top, planned };
  hand.tail = start + length - timeAt(map, box, x);
  hand.ghost = makeGhost(hand);
  card.classList.add("is-lifted");
  document.body.dataset.hand = keys ? "keys" : mode;
  say(fill(words.lifted, card.dataset));
  if (!keys) hand.frame = requestAnimationFrame(follow);
}

// ---- While it is held ----

function follow() {
  if (!hand || hand.sent) return;
  scrollAlong();
  aim();
  show();
  hand.frame = requestAnimationFrame(follow);
}

function aim() {
  const { map, home, mode } = hand;
  const box = map.grid.getBoundingClientRect();
  const at = timeAt(map, box, hand.x);
  if (mode === "resize") {
    const end = snap(at + hand.tail, home.start + home.length);
    hand.length = Math.max(step(), end - hand.start);
    return;
  }
  hand.queue = hand.card.dataset.queue ? under(one(".queue"), hand) : null;
  const y = hand.y - box.top;
  const seen = map.scroll.getBoundingClientRect();
  const inside = hand.y > seen.top && hand.y < seen.bottom; // Rows scrolled out of sight take nothing.
  hand.row = (inside && map.rows.find((each) => y >= each.top && y < each.top + each.height)) || null;
  const start = snap(at - hand.grabbed, home.planned ? home.start : NaN);
  hand.start = within(map, start);
}

function under(part, { x, y }) {
  const box = part.getBoundingClientRect();
  return x > box.left && x < box.right && y > box.top && y < box.bottom ? part : null;
}

// A hand that is not quite still changes no time.
function snap(at, home) {
  return Math.abs(at - home) < step() / 2 ? home : Math.round(at / step()) * step();
}

const within = (map, start) => Math.min(Math.max(start, map.begins), map.ends - step());

function show() {
  const { map, ghost, row } = hand;
  const box = map.grid.getBoundingClientRect();
  const x = row ? box.left + map.left + (hand.start - map.begins) / map.pixel : hand.x - 14;
  const y = row ? box.top + row.top + 4 : hand.y - 20;
  ghost.style.transform = `translate3d(${x.toFixed(1)}px, ${y.toFixed(1)}px, 0)`;
  if (hand.shownLength !== hand.length) {
    ghost.firstChild.style.width = `${hand.length / map.pixel}px`;
    hand.shownLength = hand.length;
  }
  if (hand.shownQueue !== hand.queue) {
    one(".queue").classList.toggle("is-target", Boolean(hand.queue));
    hand.shownQueue = hand.queue;
    hand.shownRow = undefined;
  }
  if (hand.shownStart !== hand.start || hand.shownRow !== row || hand.shownEnd !== hand.length) {
    ghost.lastChild.textContent = row ? `${span(hand)} · ${titleOf(row)}` : hand.queue ? words.queue : "";
    ghost.classList.toggle("is-out", !row);
    hand.shownRow?.row.classList.remove("is-target");
    row?.row.classList.add("is-target");
    Object.assign(hand, { shownStart: hand.start, shownRow: row, shownEnd: hand.length });
  }
}

// A hand that stays at an edge scrolls; one that only passes over it does not.
function scrollAlong() {
  const { scroll, left: label } = hand.map;
  const box = scroll.getBoundingClientRect();
  const inside = hand.y > box.top && hand.y < box.bottom && hand.x > box.left;
  const right = inside && hand.x > Math.min(box.right, innerWidth) - EDGE_PX;
  const left = inside && hand.x < box.left + label + EDGE_PX;
  const down = inside ? hand.y > Math.min(box.bottom, innerHeight) - EDGE_PX : hand.y > innerHeight - EDGE_PX;
  const up = inside ? hand.y < Math.max(box.top, 0) + EDGE_PX : hand.y < EDGE_PX;
  if (!(right || left || down || up)) hand.edgeSince = 0;
  else hand.edgeSince ||= performance.now();
  if (!hand.edgeSince || performance.now() - hand.edgeSince < EDGE_MS) return;
  if (right || left) scroll.scrollLeft += right ? SCROLL_PX : -SCROLL_PX;
  if (!down && !up) return;
  const was = scroll.scrollTop;
  if (inside) scroll.scrollTop += down ? SCROLL_PX : -SCROLL_PX;
  // The rows have come to their end: the page goes on.
  if (scroll.scrollTop === was) scrollBy(0, down ? SCROLL_PX : -SCROLL_PX);
}

// ---- By keyboard ----

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function nudge([right, down], longer) {
  const { map } = hand;
  if (right && longer) hand.length = Math.max(KEY_STEP, hand.length + right * KEY_STEP);
  else if (right) hand.start = within(map, hand.start + right * KEY_STEP);
  if (down) {
    const next = map.rows.indexOf(hand.row) + down;
    hand.row = map.rows[Math.min(Math.max(next, 0), map.rows.length - 1)];
    hand.row.row.scrollIntoView({ block: "nearest" });
  }
  keepInSight();
  show();
  say(fill(words.pending, { who: titleOf(hand.row), time: span(hand) }));
}

function keepInSight() {
  const { scroll, left } = hand.map;
  const at = (hand.start - hand.map.begins) / hand.map.pixel;
  const room = scroll.clientWidth - left;
  if (at < scroll.scrollLeft) scroll.scrollLeft = at - 20;
  if (at > scroll.scrollLeft + room - 120) scroll.scrollLeft = at - room + 160;
}

function keyed(event) {
  if (event.key === "Escape") {
    if (hand && !hand.sent) putBack();
    else if (!hand && !one("dialog[open]")) closeRefusal();
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const card = event.target.closest?.(".bd-card[data-drop]");
  if (!card || (hand && !hand.keys) || hand?.sent) return;
  if (ARROWS[event.key]) {
    event.preventDefault();
    if (!hand) lift(card, { keys: true });
    if (hand) nudge(ARROWS[event.key], event.shiftKey);
  } else if (event.key === "Enter" && hand) {
    event.preventDefault();
    letGo();
  }
}

// ---- Letting go ----

function isHome(held) {
  return held.row === held.home.row && held.start === held.home.start && held.length === held.home.length;
}

function letGo() {
  if (!hand.queue && (!hand.row || isHome(hand))) {
    putBack();
    return;
  }
  cancelAnimationFrame(hand.frame);
  drop(hand, release);
}

function putBack() {
  const held = hand;
  release(held);
  say(fill(words.back, held.card.dataset));
}

function release(held) {
  cancelAnimationFrame(held.frame);
  held.ghost.remove();
  held.card.classList.remove("is-lifted");
  held.shownRow?.row.classList.remove("is-target");
  held.shownQueue?.classList.remove("is-target");
  delete document.body.dataset.hand;
  if (hand === held) hand = null;
}

// ---- Pointers ----

function pressed(event) {
  if (event.button !== 0 || !event.isPrimary || hand || one("dialog[open]")) return;
  const card = event.target.closest("[data-drop]");
  const link = event.target.closest("a, button");
  if (!card || (link && link !== card) || !one("[data-board]")) return;
  const mode = event.target.closest("[data-grip]") ? "resize" : "move";
  const isFinger = event.pointerType === "touch";
  press = { card, mode, isFinger, x: event.clientX, y: event.clientY, id: event.pointerId };
  if (isFinger && mode === "move") press.timer = setTimeout(take, HOLD_MS);
}

function take() {
  const { mode, x, y, id, isFinger } = press;
  // The board may have been renewed since the press: the same card stands there anew.
  const card = press.card.isConnected ? press.card : one(`[data-drop="${press.card.dataset.drop}"]`);
  clearTimeout(press.timer);
  press = null;
  if (!card) return;
  lift(card, { mode, x, y });
  if (!hand) return;
  hand.pointer = id;
  if (isFinger) navigator.vibrate?.(15);
  // Whatever lies under it, the pointer is ours now.
  else card.setPointerCapture(id);
}

function pointed(event) {
  if (hand?.pointer === event.pointerId) {
    hand.x = event.clientX;
    hand.y = event.clientY;
    return;
  }
  if (press?.id !== event.pointerId) return;
  const way = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (way <= LIFT_PX) return;
  if (press.isFinger && press.mode === "move") forget();
  else take();
}

function forget() {
  clearTimeout(press?.timer);
  press = null;
}

function released(event) {
  forget();
  if (!hand || hand.pointer !== event.pointerId || hand.sent) return;
  // The press that ends here is no press of the link below.
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
  hand.x = event.clientX;
  hand.y = event.clientY;
  aim();
  letGo();
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

function lost(event) {
  forget();
  if (hand && hand.pointer === event.pointerId && !hand.sent) putBack();
}

if (words) {
  addEventListener("pointerdown", pressed);
  addEventListener("pointermove", pointed);
  addEventListener("pointerup", released);
  addEventListener("pointercancel", lost);
  // Neither the page nor the picture of a link moves along with a card in the hand.
  addEventListener("touchmove", (event) => hand && event.preventDefault(), { passive: false });
  addEventListener("contextmenu", (event) => (hand || press?.isFinger) && event.preventDefault());
  addEventListener("dragstart", (event) => event.target.closest?.("[data-drop]") && event.preventDefault());
  addEventListener("keydown", keyed);
  addEventListener("focusout", (event) => hand?.keys && !hand.sent && event.target === hand.card && putBack());
  addEventListener("scroll", () => hand?.keys && show(), { capture: true, passive: true });
  addEventListener("submit", (event) => {
    if (event.target.dataset.dropAgain === undefined) return;
    event.preventDefault();
    sendAgain(event.target);
  });
  addEventListener("click", (event) => {
    if (event.target.closest("[data-refused-close]")) closeRefusal();
    else if (event.target.closest("#bd-refused [data-dialog]")) one("#bd-refused").replaceChildren();
  });
  document.addEventListener("workshop:moved", ({ detail }) => {
    const isMine = hand && String(detail.by_id) !== words.me;
    if (!isMine || hand.card.dataset.job !== String(detail.job)) return;
    hand.ghost.classList.add("is-stale");
    const said = fill(words.stale, { name: detail.by, plate: hand.card.dataset.plate });
    say(said);
    toast(said, "warn");
  });
}
