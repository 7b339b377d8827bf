// The sections of the reception save one at a time, and the page stays where the hand is.
//
// A form with data-live is sent in the background; of the answer only the parts (data-part) that
// have changed are taken over, and never one in which somebody has typed meanwhile. Without this
// script every form still works: the server answers with the whole page.

import { markForms } from "./marks.js";
import { dials } from "./dial.js";

const root = document.getElementById("reception");
const said = root.querySelector("[data-said]");
const known = new Map(); // What the server last sent for each part.

const parts = (from) => [...from.querySelectorAll("[data-part]")];
const plain = (part) => part.outerHTML.replace(/(name="csrf_token" value=")[^"]*/g, "$1");
const isDirty = (part) => part.querySelector("form[data-dirty-form]") !== null;

function remember(from) {
  for (const part of parts(from)) known.set(part.dataset.part, plain(part));
}

function take(page, sent) {
  for (const fresh of parts(page)) {
    const name = fresh.dataset.part;
    const old = root.querySelector(`[data-part="${name}"]`);
    if (!old || known.get(name) === plain(fresh)) continue;
    if (isDirty(old) && !old.contains(sent)) continue;
    known.set(name, plain(fresh));
    // What is open stays open under the hand; what comes next opens by itself.
    if (old.open) fresh.open = true;
    old.replaceWith(document.adoptNode(fresh));
  }
  openSignature();
  markForms(root);
  dials(root);
}

// The signature's pad is never replaced, so that a drawn name is not lost: it opens when nothing is missing.
function openSignature() {
  const pad = root.querySelector("details#sign");
  if (pad && !root.querySelector("#sign-missing")) pad.open = true;
}

// Where the hand was: the same control again, or the first complaint.
function refocus(id) {
  const trouble = root.querySelector(".form-errors");
  const target = trouble || (id ? document.getElementById(id) : null);
  target?.focus({ preventScroll: !trouble });
}

async function send(form, submitter) {
  const focusId = document.activeElement?.id;
  submitter?.setAttribute("aria-busy", "true");
  let page, ok;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const text = await answer.text();
    page = new DOMParser().parseFromString(text, "text/html");
    ok = answer.ok;
  } catch {
    submitter?.removeAttribute("aria-busy");
    tell(root.dataset.failed, "bad");
    return false;
  }
  if (!page.getElementById("reception")) {
    // A refusal that is a page of its own: show it as the server sent it.
    const words = page.querySelector("main h1, main .notice, main p");
    submitter?.removeAttribute("aria-busy");
    tell(words ? words.textContent.trim() : root.dataset.failed, "bad");
    return false;
  }
  delete form.dataset.dirtyForm;
  const files = ok ? [] : chosenFiles(form);
  if (ok) form.reset();
  take(page, form);
  giveBack(files);
  submitter?.removeAttribute("aria-busy");
  refocus(focusId);
  said.textContent = ok ? root.dataset.saved : "";
  return ok;
}

// A refused form comes back without its photos, because no page may set them; the browser still has
// them. What was refused itself is not given back.
function chosenFiles(form) {
  return [...form.querySelectorAll("input[type='file']")]
    .filter((input) => input.files.length)
    .map((input) => ({ id: input.id, files: input.files }));
}

function giveBack(chosen) {
  for (const { id, files } of chosen) {
    const input = document.getElementById(id);
    if (!input || input.getAttribute("aria-invalid")) continue;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.closest("form").querySelector("[data-files-lost]")?.remove();
  }
}

function tell(text, tone) {
  document.dispatchEvent(new CustomEvent("workshop:toast", { detail: { text, tone } }));
}

function touched(event) {
  const form = event.target.closest("form[data-live]");
  const note = form?.querySelector("[data-dirty]");
  if (!note) return;
  form.dataset.dirtyForm = "yes";
  note.hidden = false;
}

// The signature freezes all sections, so what is typed is saved first.
async function saveAll() {
  for (const form of root.querySelectorAll("form[data-dirty-form]")) {
    if (!(await send(form, null))) return false;
  }
  return true;
}

async function submitted(event) {
  const form = event.target;
  if (form.dataset.live !== undefined) {
    event.preventDefault();
    if (form.querySelector("[aria-busy]")) return;
    await send(form, event.submitter);
  } else if (form.dataset.sign !== undefined && root.querySelector("form[data-dirty-form]")) {
    event.preventDefault();
    if (await saveAll()) form.requestSubmit();
  }
}

root.addEventListener("submit", submitted);
root.addEventListener("input", touched);
root.addEventListener("change", touched);
window.addEventListener("beforeunload", (event) => {
  if (root.querySelector("form[data-dirty-form]")) event.preventDefault();
});
remember(root);
markForms(root);
dials(root);
