// The inspection page while taps travel: a line shows at once what was said of it, a stepper changes
// its value, and limits say the light. The server has the last word.

import { list } from "../phone/queue.js";

const head = document.querySelector("[data-inspection]");
const here = `/inspection/${head?.dataset.inspection}/`;
const items = [...document.querySelectorAll("[data-item]")];
const words = document.querySelector("template[data-result-words]");
const unsent = document.querySelector("template[data-unsent]");

// ---- Values ----

const field = (stepper) => stepper.querySelector("input");
const show = (milli) => String(Number((milli / 1000).toFixed(3)));
const read = (text) => Math.round(Number(text.trim().replace(",", ".")) * 1000);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-turn]");
  if (!button) return;
  const stepper = button.closest("[data-by-milli]");
  const input = field(stepper);
  const isFirst = input.value.trim() === "";
  const now = isFirst ? Number(input.dataset.begin) : read(input.value);
  if (Number.isNaN(now)) return;
  // The first touch takes the value that is likely; the next ones change it.
  const by = isFirst ? 0 : Number(button.dataset.turn) * Number(stepper.dataset.byMilli);
  input.value = show(Math.max(0, now + by));
  foretell(button.closest("[data-item]"));
});

document.addEventListener("input", (event) => {
  const item = event.target.closest("[data-item]");
  if (item && event.target.closest("[data-by-milli]")) foretell(item);
});

function foretell(item) {
  const light = lightOf(item);
  if (light) paint(item, light, false);
}

function lightOf(item) {
  const [redLow, greenLow, greenHigh, redHigh] = item.dataset.limits
    .split(",")
    .map((end) => (end === "None" || end === "" ? null : Number(end)));
  if ([redLow, greenLow, greenHigh, redHigh].every((end) => end === null)) return "";
  const inputs = [...item.querySelectorAll("[data-by-milli] input")];
  if (!inputs.length || inputs.some((input) => input.value.trim() === "")) return "";
  const values = inputs.map((input) => read(input.value));
  const beyond = (low, high) =>
    values.some((value) => (low !== null && value < low) || (high !== null && value > high));
  if (beyond(redLow, redHigh)) return "red";
  return beyond(greenLow, greenHigh) ? "yellow" : "green";
}

// ---- What was tapped, as it will be ----

function paint(item, result, isWaiting) {
  const said = words.content.querySelector(`[data-is="${result}"]`);
  if (!said) return;
  const state = item.querySelector("[data-state]");
  state.replaceChildren(said.cloneNode(true), ...(isWaiting ? [unsent.content.cloneNode(true)] : []));
  item.classList.remove("lit-good", "lit-warn", "lit-bad", "lit-neutral");
  item.classList.add(`lit-${said.dataset.tone}`);
  for (const button of item.querySelectorAll(".inspect-answer")) {
    button.setAttribute("aria-pressed", String(button.value === result));
  }
}

function settle(item, result, isWaiting) {
  item.dataset.result = result;
  paint(item, result, isWaiting);
  item.querySelector("[data-again]").value = result;
  const isFound = ["red", "yellow"].includes(result);
  if (item.querySelector("[data-asked]").hidden) item.querySelector("[data-ask]").hidden = !isFound;
  const wantsPhoto = item.dataset.photo === "yes" && ["red", "yellow"].includes(result);
  if (wantsPhoto) item.querySelector(".inspect-more").open = true;
}

function apply(act) {
  if (!act.url?.includes(here) || act.refused) return;
  if (act.kind === "inspect_green") {
    const group = document.querySelector(`[data-group="${CSS.escape(act.value)}"]`);
    for (const item of group?.querySelectorAll('[data-look="yes"][data-result=""]') || []) {
      settle(item, "green", !act.done);
    }
    return;
  }
  if (act.kind === "inspect_ask") {
    const item = items.find((each) => each.dataset.item === act.value);
    item?.querySelector("[data-ask]").setAttribute("hidden", "");
    item?.querySelector("[data-asked]").removeAttribute("hidden");
    return;
  }
  const item = act.kind === "inspect" && items.find((each) => each.dataset.item === act.value);
  if (!item) return;
  const said = Object.fromEntries(act.fields);
  for (const input of item.querySelectorAll("[data-by-milli] input")) {
    if (said[input.name]) input.value = said[input.name];
  }
  settle(item, (said.result !== "skipped" && lightOf(item)) || said.result || "", !act.done);
}

function follow() {
  for (const act of list()) apply(act);
  const count = items.filter((item) => item.dataset.result).length;
  const answered = document.querySelector("[data-answered]");
  answered.textContent = `${count}/${answered.dataset.all}`;
}

if (head) {
  document.addEventListener("workshop:queue", follow);
  follow();
}

// ---- An answer brings the next open line into sight ----

document.addEventListener("submit", (event) => {
  const item = event.target.closest("[data-item]");
  const isFound = ["red", "yellow"].includes(event.submitter?.value || (item && lightOf(item)));
  if (!item || isFound || event.submitter?.hasAttribute("data-again")) return;
  const next = items.slice(items.indexOf(item) + 1).find((each) => !each.dataset.result);
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  next?.scrollIntoView({ behavior: isCalm ? "auto" : "smooth", block: "center" });
});
