// A refused act is dropped with a reason; what was dropped and why travels to the shop like a tap.

import * as queue from "./queue.js";

/** Ask for the reason in the panel, then drop: the refused act alone, or all that waits. */
export function listen(panel, headOf, then) {
  const form = panel.querySelector("[data-drop-form]");
  let isAll = false;
  const ask = (isOpen) => {
    form.hidden = !isOpen;
    if (isOpen) form.elements.why[0].focus();
    else form.reset();
  };
  panel.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-drop], [data-drop-all]");
    if (pressed) {
      isAll = pressed.hasAttribute("data-drop-all");
      ask(true);
    }
    if (event.target.closest("[data-keep]")) ask(false);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const acts = queue.waiting();
    const reason = form.elements.more.value.trim() || form.elements.why.value;
    if (!reason) return void form.elements.why[0].focus();
    for (const act of isAll ? acts : acts.length ? [headOf(acts)] : []) await drop(form, act, reason);
    ask(false);
    then();
  });
}

async function drop(form, act, reason) {
  queue.drop(act.id);
  if (act.kind === "dropped") return;
  const what = [act.plate, act.words].filter(Boolean).join(" ");
  await queue.add({
    id: queue.newId(),
    url: form.action,
    kind: "dropped",
    job: act.job,
    words: `${form.dataset.words}: ${what}`,
    fields: [
      ["what", what],
      ["refused", act.refused || ""],
      ["reason", reason],
      ["job_id", act.job || ""],
      ["was_tapped_at", act.tapped],
    ],
  });
}
