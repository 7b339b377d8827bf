// The shop's clock: the server says what time it is there and how fast it runs.
//   set("2026-11-23T10:00:00", 1)   what a snapshot or a heartbeat carries
//   now()                           the shop's wall clock, as a UTC Date, so that no zone is needed
//   text(date)                      "14:02"

let base = Date.now() - new Date().getTimezoneOffset() * 60000;
let since = performance.now();
let speed = 1;

export function set(wall, newSpeed) {
  base = Date.parse(wall + "Z");
  since = performance.now();
  speed = newSpeed;
}

export function now() {
  return new Date(base + (performance.now() - since) * speed);
}

export function text(date) {
  return date.toISOString().slice(11, 16);
}

export function show() {
  const shown = text(now());
  for (const clock of document.querySelectorAll("[data-clock]")) {
    if (clock.textContent !== shown) clock.textContent = shown;
  }
}
