// The walk round the car: one screen at a time, in any order. What was tapped counts at once, in the
// list of what is missing too, and travels by the queue; when it has arrived the page is asked again.

import { begin } from "../phone/taps.js";
import * as queue from "../phone/queue.js";
import { keepPage } from "../phone/offline.js";
import { markForms } from "./marks.js";

const root = document.getElementById("walk");
const isOpen = !root.hasAttribute("data-closed");
const all = (selector, from = root) => [...from.querySelectorAll(selector)];
const screens = () => all("[data-screen]");
const order = () => root.querySelector("form[data-job]")?.dataset.job;
const waiting = () => queue.waiting().filter((act) => act.job === order());

// ---- One screen at a time ----

function show(code) {
  const target = screens().find((each) => each.dataset.screen === code) || screens()[0];
  for (const each of screens()) each.hidden = each !== target;
  for (const link of all("[data-to]")) {
    const isHere = link.dataset.to === target.dataset.screen;
    if (isHere) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
    if (isHere) link.scrollIntoView({ block: "nearest", inline: "center" });
  }
  return target;
}

const codeOf = (hash) => hash.replace(/^#walk-/, "");
const here = () => screens().find((each) => !each.hidden)?.dataset.screen;

function go(code) {
  history.replaceState(null, "", `#walk-${code}`);
  show(code).focus({ preventScroll: true });
  scrollTo(0, 0);
}

function nextOf(code) {
  const codes = screens().map((each) => each.dataset.screen);
  return codes[codes.indexOf(code) + 1] || codes.at(-1);
}

// ---- What is there already, and what only waits ----

// The last tap on a fact decides: it can be taken back before it has arrived.
function isAhead(fact) {
  const act = waiting().findLast((each) => each.slot === fact && !each.refused);
  return act ? act.fields.find(([name]) => name === "on")?.[1] !== "no" : null;
}

const openFacts = (place) => place.dataset.facts.split(" ").filter((each) => each && !isAhead(each));

function draw() {
  if (!isOpen) return;
  for (const link of all("[data-to]")) {
    const isMissing = openFacts(link).length > 0;
    link.classList.toggle("is-open", isMissing);
    link.querySelector("[data-open]").hidden = !isMissing;
  }
  for (const item of all("#walk-missing li")) item.hidden = !openFacts(item).length;
  const left = all("#walk-missing li:not([hidden])");
  const jump = document.querySelector("[data-left]");
  jump.textContent = jump.dataset.words.replace("#", left.length);
  jump.hash = left.length ? `walk-${firstOpen()}` : "walk-sign";
  root.querySelector("[data-sign-now]").setAttribute("aria-disabled", left.length > 0);
  for (const form of all("form[data-fact]")) drawFact(form);
  for (const place of all("[data-waits]")) drawCount(place);
  drawSigned();
}

const firstOpen = () => all("[data-to].is-open").map((link) => link.dataset.to)[0] || "sign";

function drawFact(form) {
  const ahead = isAhead(form.dataset.fact);
  const button = form.querySelector("button");
  button.dataset.saved ||= button.getAttribute("aria-pressed") || "";
  if (!button.dataset.saved && ahead === null) return;
  const isOn = ahead ?? button.dataset.saved === "true";
  button.setAttribute("aria-pressed", isOn);
  if (form.elements.on) form.elements.on.value = isOn ? "no" : "yes";
}

function drawCount(place) {
  const count = waiting().filter((act) => act.slot === place.dataset.waits).length;
  place.hidden = !count;
  place.textContent = place.dataset.words.replace("#", count);
}

function drawSigned() {
  const said = root.querySelector("[data-sign-said]");
  const isSigned = waiting().some((act) => act.slot === "all" && !act.refused);
  said.hidden = !isSigned;
  said.textContent = isSigned ? root.dataset.signed : "";
  if (isSigned) root.querySelector("[data-sign-now]").setAttribute("aria-disabled", true);
}

// ---- What was typed stays typed ----

// A form whose values wait shows these, also after the page was loaded again without a line.
function refill() {
  for (const act of waiting()) {
    const form = all("form[data-replaces]").find((each) => each.dataset.slot === act.slot);
    if (form) fill(form, act.fields);
  }
}

function fill(form, fields) {
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden") continue;
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
  }
}

const slotsOf = (part) => all("form[data-slot]", part).map((form) => form.dataset.slot);
const isBusy = (part) =>
  part.querySelector("form[data-touched]") ||
  waiting().some((act) => slotsOf(part).includes(act.slot));

// Asks what stands there now; where somebody writes or something waits, the screen stays.
async function refresh() {
  if (!isOpen) return;
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  await keepPage(location.pathname, answer.clone());
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.querySelector("#walk[data-closed]")) return void location.reload();
  const code = here();
  for (const fresh of page.querySelectorAll("[data-part]")) {
    const old = root.querySelector(`[data-part="${fresh.dataset.part}"]`);
    if (old && !isBusy(old)) old.replaceWith(document.adoptNode(fresh));
  }
  markForms(root);
  show(code);
  draw();
}

// ---- Hands ----

addEventListener("hashchange", () => isOpen && go(codeOf(location.hash)));

root.addEventListener("focusin", (event) => {
  const dot = event.target.closest("[data-to]");
  dot?.scrollIntoView({ block: "nearest", inline: "center" });
});

root.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-replaces]");
  if (form) form.dataset.touched = "yes";
});

root.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-snap]");
  if (form && event.target.files.length) form.requestSubmit();
});

root.addEventListener("click", (event) => {
  const answer = event.target.closest("[data-add]");
  if (answer) addWords(document.getElementById(answer.dataset.add), answer.textContent.trim());
});

// The drawing opens the form that asks what is there.
root.addEventListener(
  "click",
  (event) => {
    const plan = event.target.closest("svg.car-live");
    if (plan) plan.closest("[data-screen]").querySelector("[data-mark-box]").open = true;
  },
  true,
);

function addWords(field, words) {
  const comma = document.documentElement.lang.startsWith("zh") ? "、" : ", ";
  const said = field.value.split(comma).filter(Boolean);
  const kept = said.includes(words) ? said.filter((each) => each !== words) : [...said, words];
  field.value = kept.join(comma);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Before anybody else hears of it: what is missing is said beside the button, and a form says by
// itself which answer it wants.
addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const isRefused = form.dataset.slot === "all" && isBlocked();
    if (isRefused || !isWhole(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

const isBlocked = () => root.querySelector("[data-sign-now]").getAttribute("aria-disabled") === "true";

function isWhole(form) {
  const wrong = [...form.elements].find((each) => each.required && !each.validity.valid);
  wrong?.reportValidity();
  return !wrong;
}

root.addEventListener("workshop:taken", (event) => {
  const form = event.target;
  delete form.dataset.touched;
  if (form.dataset.fresh !== undefined) {
    form.reset();
    form.querySelector(".file-previews")?.replaceChildren();
    form.closest("[data-screen]").querySelector(".car-pin-new")?.remove();
  }
  const isTakenBack = isAhead(form.dataset.slot) === false;
  if (form.dataset.onward !== undefined && !isTakenBack) go(nextOf(here()));
});

begin({
  shown: draw,
  follows: () => false,
  arrived: ({ kind }) => (kind === "applied" ? refresh() : undefined),
});
if (isOpen) {
  root.classList.add("is-stepwise");
  markForms(root);
  refill();
  show(codeOf(location.hash) || firstOpen());
}
