// The welcome board: keeps the clock, turns its pages, and fetches itself again each minute.

const PAGE_MS = 12000;
const ROUND_MS = 60000;

const clock = document.querySelector("[data-clock]");
// The shop's clock may be ahead of this machine's, or stand still in a demo.
const shopStart = clock ? new Date(clock.dateTime).getTime() : Date.now();
const hereStart = Date.now();
const [hour, minute] = (clock?.textContent.trim() || "0:0").split(":").map(Number);

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

show(Math.max(1, ...[...document.querySelectorAll("[data-page]")].map((row) => Number(row.dataset.page))));
setInterval(tick, 1000);
setInterval(turn, PAGE_MS);
setInterval(() => location.reload(), ROUND_MS);
