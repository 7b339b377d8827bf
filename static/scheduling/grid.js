// The board's grid as the scripts see it: rows, times, pixels; the ghost of a card; its sentences.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const MINUTE = 60000;
export const words = one("#bd-words")?.dataset;

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export function say(text) {
  one("#board-said").textContent = text;
}

export function toast(text, tone, undo) {
  document.dispatchEvent(new CustomEvent("workshop:toast", { detail: { text, tone, undo } }));
}

export function survey() {
  const grid = one("[data-board]");
  if (!grid) return null;
  const box = grid.getBoundingClientRect();
  const rows = all(".bd-row[data-row]", grid).map((row) => {
    const lane = one(".bd-lane", row).getBoundingClientRect();
    return { row, top: lane.top - box.top, height: lane.height };
  });
  const lane = one(".bd-lane", grid).getBoundingClientRect();
  const begins = Date.parse(grid.dataset.begins);
  const ends = Date.parse(grid.dataset.ends);
  const form = { hour: "2-digit", minute: "2-digit", timeZone: grid.dataset.zone };
  return {
    grid,
    scroll: one(".bd-scroll"),
    rows,
    begins,
    ends,
    left: lane.left - box.left,
    pixel: (ends - begins) / lane.width, // Milliseconds of one pixel.
    clock: new Intl.DateTimeFormat("en-GB", form),
  };
}

export const timeAt = (map, box, x) => map.begins + (x - box.left - map.left) * map.pixel;
export const span = (held) => `${held.map.clock.format(held.start)}–${held.map.clock.format(held.start + held.length)}`;
export const titleOf = (place) => place?.row.getAttribute("aria-label") || "";

export function makeGhost(held) {
  const ghost = document.createElement("div");
  ghost.className = "bd-ghost";
  ghost.setAttribute("aria-hidden", "true");
  const work = document.createElement("div");
  work.className = "bd-ghost-work";
  const time = document.createElement("span");
  time.className = "bd-ghost-time";
  const plate = document.createElement("strong");
  plate.textContent = held.card.dataset.plate;
  const title = document.createElement("span");
  title.textContent = held.card.dataset.title;
  work.append(plate, title);
  const buffer = document.createElement("div");
  buffer.className = "bd-ghost-buffer";
  buffer.style.width = `${held.buffer / held.map.pixel}px`;
  ghost.append(work, buffer, time);
  document.body.append(ghost);
  return ghost;
}
