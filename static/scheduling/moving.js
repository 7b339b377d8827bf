// A card that is held: with the mouse, a finger (held for a moment), or the arrow keys. Only a ghost
// moves, by transforms; the server decides where the card goes, by the same rules as the form.
// board.js draws and renews the board; while document.body.dataset.held is set it leaves it alone.

import { closeRefusal, drop, sendAgain } from "./drop.js";
import { fill, makeGhost, MINUTE, one, say, span, survey, timeAt, titleOf, toast, words } from "./grid.js";

const KEY_STEP = 15 * MINUTE;
const LIFT_PX = 5; // Less is a press, not a drag.
const HOLD_MS = 350; // A finger that scrolls does not hold still that long.
const EDGE_PX = 48; // So near to an edge the board scrolls along,
const EDGE_MS = 300; // after so long,
const SCROLL_PX = 10; // and by so much a frame.

let press = null; // A pointer that is down and may become a drag.
let held = null; // What is held.

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
  held = { card, map, mode, keys, row, start, length, buffer, x, y, grabbed };
  held.home = { row, start, length, left: from.left, top: from.top, planned };
  held.tail = start + length - timeAt(map, box, x);
  held.ghost = makeGhost(held);
  card.classList.add("is-lifted");
  document.body.dataset.held = keys ? "keys" : mode;
  say(fill(words.lifted, card.dataset));
  if (!keys) held.frame = requestAnimationFrame(follow);
}

// ---- While it is held ----

function follow() {
  if (!held || held.sent) return;
  scrollAlong();
  aim();
  show();
  held.frame = requestAnimationFrame(follow);
}

function aim() {
  const { map, home, mode } = held;
  const box = map.grid.getBoundingClientRect();
  const at = timeAt(map, box, held.x);
  if (mode === "resize") {
    const end = snap(at + held.tail, home.start + home.length);
    held.length = Math.max(step(), end - held.start);
    return;
  }
  held.queue = held.card.dataset.queue ? under(one(".queue"), held) : null;
  const y = held.y - box.top;
  const seen = map.scroll.getBoundingClientRect();
  const inside = held.y > seen.top && held.y < seen.bottom; // Rows scrolled out of sight take nothing.
  held.row = (inside && map.rows.find((each) => y >= each.top && y < each.top + each.height)) || null;
  const start = snap(at - held.grabbed, home.planned ? home.start : NaN);
  held.start = within(map, start);
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
  const { map, ghost, row } = held;
  const box = map.grid.getBoundingClientRect();
  const x = row ? box.left + map.left + (held.start - map.begins) / map.pixel : held.x - 14;
  const y = row ? box.top + row.top + 4 : held.y - 20;
  ghost.style.transform = `translate3d(${x.toFixed(1)}px, ${y.toFixed(1)}px, 0)`;
  if (held.shownLength !== held.length) {
    ghost.firstChild.style.width = `${held.length / map.pixel}px`;
    held.shownLength = held.length;
  }
  if (held.shownQueue !== held.queue) {
    one(".queue").classList.toggle("is-target", Boolean(held.queue));
    held.shownQueue = held.queue;
    held.shownRow = undefined;
  }
  if (held.shownStart !== held.start || held.shownRow !== row || held.shownEnd !== held.length) {
    ghost.lastChild.textContent = row ? `${span(held)} · ${titleOf(row)}` : held.queue ? words.queue : "";
    ghost.classList.toggle("is-out", !row);
    held.shownRow?.row.classList.remove("is-target");
    row?.row.classList.add("is-target");
    Object.assign(held, { shownStart: held.start, shownRow: row, shownEnd: held.length });
  }
}

// A hand that stays at an edge scrolls; one that only passes over it does not.
function scrollAlong() {
  const { scroll, left: label } = held.map;
  const box = scroll.getBoundingClientRect();
  const inside = held.y > box.top && held.y < box.bottom && held.x > box.left;
  const right = inside && held.x > Math.min(box.right, innerWidth) - EDGE_PX;
  const left = inside && held.x < box.left + label + EDGE_PX;
  const down = inside ? held.y > Math.min(box.bottom, innerHeight) - EDGE_PX : held.y > innerHeight - EDGE_PX;
  const up = inside ? held.y < Math.max(box.top, 0) + EDGE_PX : held.y < EDGE_PX;
  if (!(right || left || down || up)) held.edgeSince = 0;
  else held.edgeSince ||= performance.now();
  if (!held.edgeSince || performance.now() - held.edgeSince < EDGE_MS) return;
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
  const { map } = held;
  if (right && longer) held.length = Math.max(KEY_STEP, held.length + right * KEY_STEP);
  else if (right) held.start = within(map, held.start + right * KEY_STEP);
  if (down) {
    const next = map.rows.indexOf(held.row) + down;
    held.row = map.rows[Math.min(Math.max(next, 0), map.rows.length - 1)];
    held.row.row.scrollIntoView({ block: "nearest" });
  }
  keepInSight();
  show();
  say(fill(words.pending, { who: titleOf(held.row), time: span(held) }));
}

function keepInSight() {
  const { scroll, left } = held.map;
  const at = (held.start - held.map.begins) / held.map.pixel;
  const room = scroll.clientWidth - left;
  if (at < scroll.scrollLeft) scroll.scrollLeft = at - 20;
  if (at > scroll.scrollLeft + room - 120) scroll.scrollLeft = at - room + 160;
}

function keyed(event) {
  if (event.key === "Escape") {
    if (held && !held.sent) putBack();
    else if (!held && !one("dialog[open]")) closeRefusal();
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const card = event.target.closest?.(".bd-card[data-drop]");
  if (!card || (held && !held.keys) || held?.sent) return;
  if (ARROWS[event.key]) {
    event.preventDefault();
    if (!held) lift(card, { keys: true });
    if (held) nudge(ARROWS[event.key], event.shiftKey);
  } else if (event.key === "Enter" && held) {
    event.preventDefault();
    letGo();
  }
}

// ---- Letting go ----

function isHome(held) {
  return held.row === held.home.row && held.start === held.home.start && held.length === held.home.length;
}

function letGo() {
  if (!held.queue && (!held.row || isHome(held))) {
    putBack();
    return;
  }
  cancelAnimationFrame(held.frame);
  drop(held, release);
}

function putBack() {
  const held = held;
  release(held);
  say(fill(words.back, held.card.dataset));
}

function release(held) {
  cancelAnimationFrame(held.frame);
  held.ghost.remove();
  held.card.classList.remove("is-lifted");
  held.shownRow?.row.classList.remove("is-target");
  held.shownQueue?.classList.remove("is-target");
  delete document.body.dataset.held;
  if (held === held) held = null;
}

// ---- Pointers ----

function pressed(event) {
  if (event.button !== 0 || !event.isPrimary || held || one("dialog[open]")) return;
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
  if (!held) return;
  held.pointer = id;
  if (isFinger) navigator.vibrate?.(15);
  // Whatever lies under it, the pointer is ours now.
  else card.setPointerCapture(id);
}

function pointed(event) {
  if (held?.pointer === event.pointerId) {
    held.x = event.clientX;
    held.y = event.clientY;
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
  if (!held || held.pointer !== event.pointerId || held.sent) return;
  // The press that ends here is no press of the link below.
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
  held.x = event.clientX;
  held.y = event.clientY;
  aim();
  letGo();
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

function lost(event) {
  forget();
  if (held && held.pointer === event.pointerId && !held.sent) putBack();
}

if (words) {
  addEventListener("pointerdown", pressed);
  addEventListener("pointermove", pointed);
  addEventListener("pointerup", released);
  addEventListener("pointercancel", lost);
  // Neither the page nor the picture of a link moves along with a card that is held.
  addEventListener("touchmove", (event) => held && event.preventDefault(), { passive: false });
  addEventListener("contextmenu", (event) => (held || press?.isFinger) && event.preventDefault());
  addEventListener("dragstart", (event) => event.target.closest?.("[data-drop]") && event.preventDefault());
  addEventListener("keydown", keyed);
  addEventListener("focusout", (event) => held?.keys && !held.sent && event.target === held.card && putBack());
  addEventListener("scroll", () => held?.keys && show(), { capture: true, passive: true });
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
    const isMine = held && String(detail.by_id) !== words.me;
    if (!isMine || held.card.dataset.job !== String(detail.job)) return;
    held.ghost.classList.add("is-stale");
    const said = fill(words.stale, { name: detail.by, plate: held.card.dataset.plate });
    say(said);
    toast(said, "warn");
  });
}
