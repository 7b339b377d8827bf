// Acts travel by themselves. A form with data-act="queue" is a tap: it is kept on the phone and sent
// when there is a line, and the page goes on as if it had arrived. Other forms with data-act stay on
// their page and go again and again until the line is back.

import * as queue from "./queue.js";
import { listen as listenToDrops } from "./dropping.js";
import "./offline.js";

const WAITS = [1000, 2000, 4000, 8000, 15000];
const line = document.querySelector("[data-line]");
const panel = document.querySelector("[data-queue]");

// What the page itself makes of the acts: `shown` draws what has not arrived as if it had, `arrived`
// is told what came of the last sending, on a page that does not follow its answers (`follows`).
let own = { shown: () => {}, follows: () => true, arrived: () => {} };

/** Begin to listen: once, by the script of the page. */
export function begin(mine) {
  own = { ...own, ...mine };
  show();
}

// ---- Taps ----

async function take(form, button) {
  // The token of this session is no use later; each sending brings the one of its own.
  const fields = [...new FormData(form, button)].filter(([name]) => name !== "csrf_token");
  const act = { id: form.elements.client_id?.value || queue.newId(), url: form.action, fields };
  const { kind, job, plate, slot } = form.dataset;
  const from = form.dataset.from || panel.dataset.job?.replace("/0", `/${job}`);
  const label = (button?.querySelector("[data-label]") || button)?.textContent.trim() || "";
  const words = form.dataset.words ? `${form.dataset.words}: ${label}` : label;
  form.elements.client_id.value = queue.newId(); // The next tap is another act.
  form.closest("details")?.removeAttribute("open");
  if (form.dataset.replaces !== undefined) queue.dropRefused(job, slot);
  onward = form.dataset.then || "";
  const value = form.dataset.value || button?.value || "";
  await queue.add({ ...act, kind, job, slot, from, plate, words, value });
  form.dispatchEvent(new CustomEvent("workshop:taken", { bubbles: true }));
  go(true);
}

let turn = 0;
let timer;
let isGoing = false;
let isMine = false;
let onward = ""; // Where the tapped form leads when nobody answers; its page is kept.

async function go(tapped = false) {
  isMine ||= tapped;
  if (isGoing) return;
  isGoing = true;
  clearTimeout(timer);
  const before = queue.waiting().length;
  if (before && turn === 0) say("sending");
  const outcome = await queue.send();
  isGoing = false;
  say("");
  show(outcome.kind);
  if (outcome.kind === "offline") {
    timer = setTimeout(go, WAITS[Math.min(turn, WAITS.length - 1)]);
    turn += 1;
    if (onward && navigator.serviceWorker?.controller) location.assign(onward);
    return;
  }
  turn = 0;
  if (queue.next() && outcome.kind === "applied") return void go();
  if (!own.follows()) return void own.arrived(outcome);
  // A page that shows the work shows what has become of it; one in which somebody writes stays.
  const showsWork = document.querySelector("[data-ahead], [data-here-box]");
  if (outcome.url && (isMine || showsWork) && !isTyping()) follow(outcome.url, showsWork);
}

const isTyping = () =>
  [...document.querySelectorAll("textarea, input[type=text]")].some(
    (field) => field.value !== field.defaultValue,
  );

// The page asks for the place it was at.
function follow(address, staysHere) {
  const here = new URL(location.href);
  const target = isMine || !staysHere ? new URL(address, here) : here;
  if (target.pathname === here.pathname && target.search === here.search) {
    history.replaceState(null, "", target);
    location.reload();
  } else {
    location.assign(target);
  }
}

// ---- What waits, in sight ----

function show(kind = panel.dataset.kind || "") {
  panel.dataset.kind = kind;
  const acts = queue.waiting();
  const head = headOf(acts);
  const isShown = acts.length > 0 && !isGoing;
  panel.hidden = !isShown;
  if (isShown) fill(acts, head, kind);
  if (!isGoing) sayWaiting(acts.length, head, kind);
  own.shown(queue.list());
}

// What asks for an answer stands before what only waits.
const headOf = (acts) => acts.find((act) => act.refused) || acts[0];

function fill(acts, head, kind) {
  panel.querySelector("[data-count]").textContent = acts.length;
  const list = panel.querySelector("[data-acts]");
  const row = panel.querySelector("template[data-row]");
  list.replaceChildren(...acts.map((act) => rowOf(row, act)));
  for (const box of panel.querySelectorAll("[data-why]")) {
    box.hidden = box.dataset.why !== (head.refused ? "refused" : kind || "offline");
  }
  panel.querySelector("[data-refusal]").textContent = head.refused || "";
  const isOther = head.code === "other_running" && ["start", "resume"].includes(head.kind);
  panel.querySelector("[data-instead]").hidden = !head.refused || !isOther;
  showVersions((head.refused && head.versions) || []);
  const way = panel.querySelector("[data-way]");
  way.hidden = !head.refused || !(head.way || head.from);
  way.href = head.way?.url || head.from;
  way.querySelector("[data-way-words]").textContent = head.way?.label || way.dataset.words;
  const back = panel.querySelector("[data-take-back]");
  back.hidden = Boolean(head.refused);
  panel.querySelector("[data-drop-all]").hidden = !head.refused || acts.length < 2;
}

// Two people changed the same: both versions, before one of them is chosen.
function showVersions(rows) {
  panel.querySelector("[data-both]").hidden = !rows.length;
  const row = panel.querySelector("template[data-version]");
  const items = rows.map((texts) => {
    const item = row.content.cloneNode(true);
    const places = item.querySelectorAll("[data-what], [data-theirs], [data-yours]");
    places.forEach((place, number) => (place.textContent = texts[number]));
    return item;
  });
  panel.querySelector("[data-versions]").replaceChildren(...items);
}

function rowOf(row, act) {
  const item = row.content.cloneNode(true);
  item.querySelector("[data-what]").textContent = [act.plate, act.words].filter(Boolean).join(" ");
  const time = item.querySelector("time");
  time.dateTime = act.tapped;
  time.textContent = queue.wallClock(act.tapped);
  item.firstElementChild.classList.toggle("is-refused", Boolean(act.refused));
  return item;
}

function sayWaiting(count, head, kind) {
  if (head?.refused) say("refused", count);
  else if (count) say("waiting", count);
  else if (queue.isKept || kind === "offline") say("kept");
  else say("");
}

function say(state, count = 0) {
  if (!line) return;
  line.hidden = !state;
  line.dataset.state = state || "";
  line.textContent = state ? line.dataset[state].replace("#", count) : "";
}

panel.addEventListener("click", (event) => {
  const acts = queue.waiting();
  if (!acts.length) return;
  const head = headOf(acts);
  if (event.target.closest("[data-retry]")) queue.retry(head.id).then(() => go());
  if (event.target.closest("[data-instead]"))
    queue.retry(head.id, ["instead", "yes"]).then(() => go());
  if (event.target.closest("[data-insist]")) queue.insist(head.id).then(() => go());
  if (event.target.closest("[data-take-back]")) queue.drop(acts[acts.length - 1].id);
  if (event.target.closest("[data-send]")) go();
});

listenToDrops(panel, headOf, go);
document.addEventListener("workshop:queue", () => show());
document.addEventListener("workshop:fresh", () => (queue.forgetDone(), show()));
addEventListener("storage", () => show());
addEventListener("online", () => ((turn = 0), go()));
addEventListener("pageshow", () => (show(), queue.waiting().length && go()));
document.addEventListener("visibilitychange", () => document.hidden || (queue.waiting().length && go()));

// ---- Forms with pictures: they stay on their page until they have arrived ----

const pause = (ms) =>
  new Promise((resume) => {
    const waits = setTimeout(resume, ms);
    addEventListener("online", () => (clearTimeout(waits), resume()), { once: true });
  });

async function post(form, data) {
  for (let tries = 0; ; tries += 1) {
    say(tries ? "trying" : "sending");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: data });
      if (answer.status < 502) return answer;
    } catch {
      // No line: the same act goes again below.
    }
    await pause(WAITS[Math.min(tries, WAITS.length - 1)]);
  }
}

function mark(button, isBusy) {
  const label = button?.querySelector("[data-label]");
  if (!label) return;
  if (isBusy) {
    label.dataset.words = label.textContent;
    label.textContent = line?.dataset.sending || label.textContent;
    button.setAttribute("aria-busy", "true");
  } else {
    label.textContent = label.dataset.words || label.textContent;
    button.removeAttribute("aria-busy");
  }
}

async function sendAll(form, button) {
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const data = new FormData(form, button);
  mark(button, true);
  const answer = await post(form, data);
  say("");
  if (answer.redirected && answer.ok) {
    await carry(answer);
    isMine = true;
    follow(answer.url, false);
    return;
  }
  // A refusal has its own page or keeps the form with its reasons: let the browser show it.
  mark(button, false);
  delete form.dataset.sent;
  form.removeAttribute("data-act");
  if (button?.name) keep(form, button);
  form.submit();
}

// The answer that fetch() followed to has used up what the shop says once; so it is carried over
// to the page that is shown, where say-once words stand as they always do.
const SAID = "workshop.said";

async function carry(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector(".notices");
  try {
    if (said) sessionStorage.setItem(SAID, said.outerHTML);
  } catch {
    // Storage may be forbidden; the page shows what has become of the job all the same.
  }
}

function repeat() {
  let said = null;
  try {
    said = sessionStorage.getItem(SAID);
    sessionStorage.removeItem(SAID);
  } catch {
    return;
  }
  if (!said || document.querySelector(".notices")) return;
  const page = new DOMParser().parseFromString(said, "text/html");
  document.querySelector("main").prepend(document.importNode(page.body.firstElementChild, true));
}

repeat();

// form.submit() leaves out the pressed button; its value travels as a hidden field instead.
function keep(form, button) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = button.name;
  field.value = button.value;
  form.append(field);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.act === "queue") take(form, event.submitter);
    else sendAll(form, event.submitter);
  },
  true,
);
