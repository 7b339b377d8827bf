// What the page shows while acts wait for the line: the job as it will be once they have arrived.
// The server has put the bar of each possible next act into a template; here one is chosen.

import { wallClock } from "../phone/queue.js";

const POINTS_BY_HAND = ["protection", "process", "off_floor", "additions"];

// What an act says of the person; who starts or goes on is here.
const WHERE = { clock_in: "in", back: "in", start: "in", resume: "in", help: "in", break: "break", clock_out: "out" };
const LEAVES = ["break", "clock_out"];

/** Show the person and each job of the page with these acts (oldest first) applied to them. */
export function show(acts) {
  const sent = acts.filter((act) => !act.refused);
  for (const box of document.querySelectorAll("[data-here-box]")) showHere(box, whereIs(box, sent));
  for (const bar of document.querySelectorAll("[data-ahead]")) {
    const { job, mine } = follow(bar, sent);
    const here = whereIs(bar, sent);
    const isKnown = !mine.length && here === bar.dataset.here;
    showBar(bar, isKnown ? bar.dataset.next : atTheDoor(here, nextOf(job)), job);
    showPoints(job, mine);
    showState(job, mine);
    for (const part of document.querySelectorAll("[data-while]")) {
      part.hidden = !part.dataset.while.split(" ").includes(job.state);
    }
  }
}

const whereIs = (box, acts) => acts.reduce((here, act) => WHERE[act.kind] || here, box.dataset.here);

// Whoever is not here comes in first, or with the same tap.
function atTheDoor(here, next) {
  if (here === "in" || !["start", "resume", "help"].includes(next)) return next;
  return `${here === "break" ? "break" : "out"}-${next}`;
}

function showHere(box, here) {
  if ((box.dataset.shown || box.dataset.here) === here) return;
  const templates = [...box.querySelectorAll(":scope > template")];
  const asItWas = templates.find((each) => each.dataset.hereIs === "as-it-was") || keepAsItWas(box);
  const isBack = here === box.dataset.here;
  const wanted = isBack ? asItWas : templates.find((each) => each.dataset.hereIs === here);
  if (!wanted) return;
  const all = new Set([...templates, asItWas]);
  box.replaceChildren(wanted.content.cloneNode(true), ...all);
  box.dataset.shown = here;
}

function keepAsItWas(box) {
  const kept = document.createElement("template");
  kept.dataset.hereIs = "as-it-was";
  const shown = [...box.childNodes].filter((node) => node.nodeName !== "TEMPLATE");
  kept.content.append(...shown.map((node) => node.cloneNode(true)));
  return kept;
}

// The job with its acts; who leaves stops the clock of whatever runs.
function follow(bar, acts) {
  let job = start(bar);
  const mine = [];
  for (const act of acts) {
    const isOwn = act.job === bar.dataset.job;
    const leaves = LEAVES.includes(act.kind) && job.state === "running";
    if (isOwn || leaves) mine.push(act);
    if (leaves) job = { ...job, state: "paused" };
    else if (isOwn) job = apply(job, act);
  }
  return { job, mine };
}

function start(bar) {
  const { state, ticked, checked, help } = bar.dataset;
  const points = ticked.split(" ").filter(Boolean);
  return { state, ticked: points, checked: checked === "yes", isHelp: help !== undefined };
}

function apply(job, act) {
  if (act.kind === "start") return { ...job, state: "running", ticked: [...job.ticked, "start"] };
  if (act.kind === "resume" || act.kind === "help") return { ...job, state: "running" };
  if (act.kind === "stop_help") return { ...job, state: "waiting" };
  if (act.kind === "pause") return { ...job, state: "paused" };
  if (act.kind === "finish") return { ...job, state: "done" };
  if (act.kind === "tick") return { ...job, ticked: [...job.ticked, act.value] };
  if (act.kind === "untick")
    return { ...job, ticked: job.ticked.filter((each) => each !== act.value) };
  return act.kind === "self_check" ? { ...job, checked: !isAnyBad(act.fields) } : job;
}

const isAnyBad = (fields) =>
  fields.some(([name, value]) => name.startsWith("verdict_") && value === "bad");

const open = (job) => POINTS_BY_HAND.filter((point) => !job.ticked.includes(point));

function nextOf(job) {
  if (job.isHelp) return job.state === "running" ? "stop_help" : "help";
  if (job.state === "waiting") return "start";
  if (job.state === "paused") return "resume";
  if (job.state !== "running") return "none";
  if (open(job).length) return "points";
  return job.checked ? "finish" : "self_check";
}

function showBar(bar, next, job) {
  if ((bar.dataset.shown || bar.dataset.next) !== next) {
    const bars = [...bar.querySelectorAll("template[data-next-is]")];
    const wanted = bars.find((each) => each.dataset.nextIs === next);
    if (!wanted) return;
    bar.replaceChildren(wanted.content.cloneNode(true), ...bars);
    bar.dataset.shown = next;
  }
  const left = bar.querySelector("[data-left]");
  if (left) left.textContent = open(job).length;
}

// A point that waits for the line is ticked with the time of its tap.
function showPoints(job, mine) {
  for (const item of document.querySelectorAll("[data-point]")) {
    const tick = mine.findLast((act) => act.kind === "tick" && act.value === item.dataset.point);
    const isTicked = job.ticked.includes(item.dataset.point);
    const wanted = tick && isTicked ? "ticked" : job.state === "running" && !isTicked ? "form" : "";
    const template = item.querySelector(`template[data-show="${wanted || "as-it-was"}"]`);
    if ((item.dataset.shown || "") === wanted || (!template && wanted)) continue;
    if (!wanted && !item.dataset.shown) continue;
    item.dataset.shown = wanted;
    swap(item, template, tick);
  }
}

function swap(item, template, tick) {
  const templates = [...item.querySelectorAll(":scope > template")];
  const before = [...item.childNodes].filter((node) => !templates.includes(node));
  if (!item.querySelector(":scope > template[data-show='as-it-was']")) {
    const kept = document.createElement("template");
    kept.dataset.show = "as-it-was";
    kept.content.append(...before.map((node) => node.cloneNode(true)));
    templates.push(kept);
  }
  const source = template || templates.find((each) => each.dataset.show === "as-it-was");
  item.replaceChildren(source.content.cloneNode(true), ...templates);
  item.classList.toggle("is-ticked", Boolean(tick));
  const time = tick && item.querySelector("time");
  if (time) time.textContent = wallClock(tick.tapped);
}

function showState(job, mine) {
  const said = document.querySelector("[data-state-ahead]");
  if (!said) return;
  said.hidden = !mine.length;
  said.querySelector("[data-words]").textContent = said.dataset[job.state] || "";
  for (const state of ["waiting", "running", "paused", "done"]) {
    said.closest(".now").classList.toggle(`is-${state}`, job.state === state);
  }
}
