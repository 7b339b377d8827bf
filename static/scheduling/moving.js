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
let lifted = null; // What is held.

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
  lifted = { card, map, mode, keys, row, start, length, buffer, x, y, grabbed };
  lifted.home = { row, start, length, left: from.left, top: from.top, planned };
  lifted.tail = start + length - timeAt(map, box, x);
  lifted.ghost = makeGhost(lifted);
  card.classList.add("is-lifted");
  document.body.dataset.held = keys ? "keys" : mode;
  say(fill(words.lifted, card.dataset));
  if (!keys) lifted.frame = requestAnimationFrame(follow);
}

// ---- While it is held ----

function follow() {
  if (!lifted || lifted.sent) return;
  scrollAlong();
  aim();
  show();
  lifted.frame = requestAnimationFrame(follow);
}

function aim() {
  const { map, home, mode } = lifted;
  const box = map.grid.getBoundingClientRect();
  const at = timeAt(map, box, lifted.x);
  if (mode === "resize") {
    const end = snap(at + lifted.tail, home.start + home.length);
    lifted.length = Math.max(step(), end - lifted.start);
    return;
  }
  lifted.queue = lifted.card.dataset.queue ? under(one(".queue"), lifted) : null;
  const y = lifted.y - box.top;
  const seen = map.scroll.getBoundingClientRect();
  const inside = lifted.y > seen.top && lifted.y < seen.bottom; // Rows scrolled out of sight take nothing.
  lifted.row = (inside && map.rows.find((each) => y >= each.top && y < each.top + each.height)) || null;
  const start = snap(at - lifted.grabbed, home.planned ? home.start : NaN);
  lifted.start = within(map, start);
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
  const { map, ghost, row } = lifted;
  const box = map.grid.getBoundingClientRect();
  const x = row ? box.left + map.left + (lifted.start - map.begins) / map.pixel : lifted.x - 14;
  const y = row ? box.top + row.top + 4 : lifted.y - 20;
  ghost.style.transform = `translate3d(${x.toFixed(1)}px, ${y.toFixed(1)}px, 0)`;
  if (lifted.shownLength !== lifted.length) {
    ghost.firstChild.style.width = `${lifted.length / map.pixel}px`;
    lifted.shownLength = lifted.length;
  }
  if (lifted.shownQueue !== lifted.queue) {
    one(".queue").classList.toggle("is-target", Boolean(lifted.queue));
    lifted.shownQueue = lifted.queue;
    lifted.shownRow = undefined;
  }
  if (lifted.shownStart !== lifted.start || lifted.shownRow !== row || lifted.shownEnd !== lifted.length) {
    ghost.lastChild.textContent = row ? `${span(lifted)} · ${titleOf(row)}` : lifted.queue ? words.queue : "";
    ghost.classList.toggle("is-out", !row);
    lifted.shownRow?.row.classList.remove("is-target");
    row?.row.classList.add("is-target");
    Object.assign(lifted, { shownStart: lifted.start, shownRow: row, shownEnd: lifted.length });
  }
}

// A hand that stays at an edge scrolls; one that only passes over it does not.
function scrollAlong() {
  const { scroll, left: label } = lifted.map;
  const box = scroll.getBoundingClientRect();
  const inside = lifted.y > box.top && lifted.y < box.bottom && lifted.x > box.left;
  const right = inside && lifted.x > Math.min(box.right, innerWidth) - EDGE_PX;
  const left = inside && lifted.x < box.left + label + EDGE_PX;
  const down = inside ? lifted.y > Math.min(box.bottom, innerHeight) - EDGE_PX : lifted.y > innerHeight - EDGE_PX;
  const up = inside ? lifted.y < Math.max(box.top, 0) + EDGE_PX : lifted.y < EDGE_PX;
  if (!(right || left || down || up)) lifted.edgeSince = 0;
  else lifted.edgeSince ||= performance.now();
  if (!lifted.edgeSince || performance.now() - lifted.edgeSince < EDGE_MS) return;
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
  const { map } = lifted;
  if (right && longer) lifted.length = Math.max(KEY_STEP, lifted.length + right * KEY_STEP);
  else if (right) lifted.start = within(map, lifted.start + right * KEY_STEP);
  if (down) {
    const next = map.rows.indexOf(lifted.row) + down;
    lifted.row = map.rows[Math.min(Math.max(next, 0), map.rows.length - 1)];
    lifted.row.row.scrollIntoView({ block: "nearest" });
  }
  keepInSight();
  show();
  say(fill(words.pending, { who: titleOf(lifted.row), time: span(lifted) }));
}

function keepInSight() {
  const { scroll, left } = lifted.map;
  const at = (lifted.start - lifted.map.begins) / lifted.map.pixel;
  const room = scroll.clientWidth - left;
  if (at < scroll.scrollLeft) scroll.scrollLeft = at - 20;
  if (at > scroll.scrollLeft + room - 120) scroll.scrollLeft = at - room + 160;
}

function keyed(event) {
  if (event.key === "Escape") {
    if (lifted && !lifted.sent) putBack();
    else if (!lifted && !one("dialog[open]")) closeRefusal();
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const card = event.target.closest?.(".bd-card[data-drop]");
  if (!card || (lifted && !lifted.keys) || lifted?.sent) return;
  if (ARROWS[event.key]) {
    event.preventDefault();
    if (!lifted) lift(card, { keys: true });
    if (lifted) nudge(ARROWS[event.key], event.shiftKey);
  } else if (event.key === "Enter" && lifted) {
    event.preventDefault();
    letGo();
  }
}

// ---- Letting go ----

function isHome(held) {
  return held.row === held.home.row && held.start === held.home.start && held.length === held.home.length;
}

function letGo() {
  if (!lifted.queue && (!lifted.row || isHome(lifted))) {
    putBack();
    return;
  }
  cancelAnimationFrame(lifted.frame);
  drop(lifted, release);
}

function putBack() {
  const held = lifted;
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
  if (lifted === held) lifted = null;
}

// ---- Pointers ----

function pressed(event) {
  if (event.button !== 0 || !event.isPrimary || lifted || one("dialog[open]")) return;
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
  // The board may have been renewed since the press: the same card stands there again.
  const card = press.card.isConnected ? press.card : one(`[data-drop="${press.card.dataset.drop}"]`);
  clearTimeout(press.timer);
  press = null;
  if (!card) return;
  lift(card, { mode, x, y });
  if (!lifted) return;
  lifted.pointer = id;
  if (isFinger) navigator.vibrate?.(15);
  // Whatever lies under it, the pointer is ours now.
  else card.setPointerCapture(id);
}

function pointed(event) {
  if (lifted?.pointer === event.pointerId) {
    lifted.x = event.clientX;
    lifted.y = event.clientY;
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
  if (!lifted || lifted.pointer !== event.pointerId || lifted.sent) return;
  // The press that ends here is no press of the link below.
  addEventListener("click", drop_click, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", drop_click, { capture: true }), 0);
  lifted.x = event.clientX;
  lifted.y = event.clientY;
  aim();
  letGo();
}

function drop_click(event) {
  event.preventDefault();
  event.stopPropagation();
}

function lost(event) {
  forget();
  if (lifted && lifted.pointer === event.pointerId && !lifted.sent) putBack();
}

if (words) {
  addEventListener("pointerdown", pressed);
  addEventListener("pointermove", pointed);
  addEventListener("pointerup", released);
  addEventListener("pointercancel", lost);
  // Neither the page nor the picture of a link moves along with a card that is held.
  addEventListener("touchmove", (event) => lifted && event.preventDefault(), { passive: false });
  addEventListener("contextmenu", (event) => (lifted || press?.isFinger) && event.preventDefault());
  addEventListener("dragstart", (event) => event.target.closest?.("[data-drop]") && event.preventDefault());
  addEventListener("keydown", keyed);
  addEventListener("focusout", (event) => lifted?.keys && !lifted.sent && event.target === lifted.card && putBack());
  addEventListener("scroll", () => lifted?.keys && show(), { capture: true, passive: true });
  addEventListener("submit", (event) => {
    if (event.target.dataset.dropAgain === undefined) return;
    event.preventDefault();
    sendAgain(event.target);
  });
  addEventListener("click", (event) => {
    if (event.target.closest("[data-refused-close]")) closeRefusal();
    else if (event.target.closest("#bd-refused [role='alert'] [data-dialog]")) one("#bd-refused").replaceChildren();
  });
  document.addEventListener("workshop:moved", ({ detail }) => {
    const isMine = lifted && String(detail.by_id) !== words.me;
    if (!isMine || lifted.card.dataset.job !== String(detail.job)) return;
    lifted.ghost.classList.add("is-stale");
    const said = fill(words.stale, { name: detail.by, plate: lifted.card.dataset.plate });
    say(said);
    toast(said, "warn");
  });
}
