// The frame's count of what waits for this person: in the corner and in the tab's title. What is new
// is said by a toast, and by a sound where the person wants one. The server is asked after each
// change and each minute; it knows what waits, and nothing is kept here but what was said already.
// templates/base.html brings live.js by the address that live pages use: a tab has one line to the server.

const MINUTE_MS = 60000;
const PAUSE_MS = 100;
const link = document.querySelector("[data-inbox]");
const count = link.querySelector(".count");
const title = document.title;
const said = `workshop.inbox.${link.dataset.inbox}`;
const sound = `workshop.inbox.sound.${link.dataset.inbox}`;
let timer;

// Storage may be forbidden; then what is new is new on each page, and nothing sounds.
function remember(store, name, value) {
  try {
    if (value === undefined) return store.getItem(name);
    store.setItem(name, value);
  } catch {
    return null;
  }
  return value;
}

function draw(number) {
  count.hidden = !number;
  count.textContent = number > 99 ? "99+" : number;
  document.title = number ? `(${number}) ${title}` : title;
  link.setAttribute("aria-label", link.dataset.label.replace("{count}", number));
}

// Only what was not there when this tab looked last is news.
function tell(items) {
  const before = remember(sessionStorage, said);
  remember(sessionStorage, said, JSON.stringify(Object.keys(items)));
  if (before === null) return;
  const known = new Set(JSON.parse(before));
  const fresh = Object.keys(items).filter((name) => !known.has(name));
  for (const name of fresh.slice(0, 3)) {
    document.dispatchEvent(new CustomEvent("workshop:toast", { detail: { text: items[name], tone: "info" } }));
  }
  if (fresh.length && remember(localStorage, sound) === "on") ring();
}

function ring() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.setValueAtTime(0.15, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.4);
  tone.frequency.value = 880;
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.4);
  tone.addEventListener("ended", () => context.close());
}

async function look() {
  try {
    const answer = await fetch("/inbox/count", { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const found = await answer.json();
    draw(found.count);
    tell(found.items);
  } catch {
    // The next change, or the next minute, tries again; base/line.js looks after the line.
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS);
}

const button = document.querySelector("[data-inbox-sound]");
if (button) {
  const show = () => button.setAttribute("aria-pressed", String(remember(localStorage, sound) === "on"));
  show();
  button.addEventListener("click", () => {
    const isOn = remember(localStorage, sound) === "on";
    remember(localStorage, sound, isOn ? "off" : "on");
    show();
    if (!isOn) ring();
  });
}

document.addEventListener("workshop:changed", soon);
document.addEventListener("visibilitychange", () => document.hidden || soon());
setInterval(() => document.hidden || soon(), MINUTE_MS);
look();
