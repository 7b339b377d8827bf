// What every page does: theme switch, menus, dialogs, toasts, one submit per press, confirmation,
// steppers, picture previews, the key list. Nothing here imports or exports: a page asks by events,
//   document.dispatchEvent(new CustomEvent("workshop:toast", {detail: {text, tone, undo}}))
// where tone is info|good|warn|bad and undo an optional function. Attributes it knows:
//   data-open="id" / data-close      open and close a dialog
//   data-confirm="question"          on a form: ask before it is sent
//   data-resend                      on a form: may be sent again without a new page (downloads)
//   data-fill='{"name": "value"}'     on a button: write these values into fields of its form
//   data-submit                      on a control: send its form when it changes
//   data-key="n" (+ aria-label)      on a link or button: a single key presses it; listed under ?

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Storage may be forbidden; then a choice lasts as long as the page.
function remember(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    return null;
  }
  return value;
}

// ---- Theme ----

function showTheme() {
  const choice = document.documentElement.dataset.themeChoice || "system";
  for (const button of all("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === choice));
  }
}

function setTheme(choice) {
  remember("workshop.theme", choice);
  document.dispatchEvent(new Event("workshop:theme"));
  showTheme();
}

function switchTheme(target) {
  const chosen = target.closest("[data-theme-set]");
  if (chosen) setTheme(chosen.dataset.themeSet);
  if (target.closest("[data-theme-next]")) {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  }
}

// ---- Dialogs and menus ----

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  for (const menu of all("details.menu[open]")) menu.open = false;
  dialog.showModal();
  dialog.dispatchEvent(new Event("workshop:opened"));
}

function pressed(event) {
  const target = event.target;
  const opener = target.closest("[data-open]");
  if (opener) openDialog(opener.dataset.open);
  if (target.closest("[data-close]")) target.closest("dialog")?.close();
  if (target instanceof HTMLDialogElement) target.close(); // A press on the veil.
  for (const menu of all("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  if (target.closest("[aria-disabled='true']")) event.preventDefault();
  unfold(target.closest("a[href^='#']")?.hash || "");
  switchTheme(target);
}

// What a link of the page leads to may lie folded.
function unfold(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target || !target.closest("details:not([open])")) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView();
}

function closeMenu(event) {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  one("summary", menu).focus();
}

// ---- Toasts ----

function toast({ text, tone = "info", undo, seconds = 8 }) {
  const region = one(".toasts");
  if (!region) return;
  const line = one("#toast-template").content.firstElementChild.cloneNode(true);
  line.classList.add(`toast-${tone}`);
  one("p", line).textContent = text;
  const close = one("button", line);
  close.setAttribute("aria-label", region.dataset.dismiss);
  close.addEventListener("click", () => line.remove());
  if (undo) close.before(undoButton(region.dataset.undo, undo, line));
  region.append(line);
  if (tone !== "bad") fade(line, seconds);
}

function undoButton(label, undo, line) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-secondary btn-s";
  button.textContent = label;
  button.addEventListener("click", () => {
    line.remove();
    undo();
  });
  return button;
}

// A toast stays while it is looked at: hover or focus stops its clock.
function fade(line, seconds) {
  let timer;
  const start = () => (timer = setTimeout(() => line.remove(), seconds * 1000));
  const stop = () => clearTimeout(timer);
  line.addEventListener("pointerenter", stop);
  line.addEventListener("focusin", stop);
  line.addEventListener("pointerleave", start);
  line.addEventListener("focusout", start);
  start();
}

// ---- Forms ----

// The browser's own bubbles speak the browser's language; the server's words are the shop's.
function quietBubbles() {
  for (const form of all("form[method='post']")) form.noValidate = true;
}

function submitted(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
  } else if (form.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    ask(form, event.submitter);
  } else if (form.dataset.resend === undefined) {
    markSent(form, event.submitter);
  }
}

// The button is only marked, not disabled: its own name and value must travel with the form.
function markSent(form, button) {
  form.dataset.sent = "yes";
  button?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), 15000);
}

function release(form) {
  delete form.dataset.sent;
  delete form.dataset.confirmed;
  for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
}

function ask(form, submitter) {
  const dialog = one("#confirm");
  one("#confirm-text").textContent = form.dataset.confirm;
  const yes = one("[data-confirmed]", dialog);
  yes.textContent = submitter?.textContent.trim() || yes.textContent;
  yes.onclick = () => {
    dialog.close();
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter || undefined);
  };
  openDialog("confirm");
}

function step(button) {
  const box = button.closest("[data-stepper]");
  const input = one("input", box);
  const { step: size, min, max } = box.dataset;
  let value = (Number.parseInt(input.value, 10) || 0) + Number(button.dataset.by) * Number(size || 1);
  if (min !== undefined) value = Math.max(value, Number(min));
  if (max !== undefined) value = Math.min(value, Number(max));
  input.value = String(value);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// Pictures are read as data URLs, because the policy allows no blob: source.
function preview(input) {
  const box = one(".file-previews", input.closest(".file"));
  if (!box) return;
  box.replaceChildren();
  for (const file of [...input.files].filter((each) => each.type.startsWith("image/")).slice(0, 12)) {
    const reader = new FileReader();
    const image = document.createElement("img");
    image.alt = "";
    reader.addEventListener("load", () => (image.src = String(reader.result)));
    reader.readAsDataURL(file);
    box.append(image);
  }
}

function fill(button) {
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
    const input = button.form?.elements[name];
    if (!input) continue;
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function changed(event) {
  const target = event.target;
  if (target.type === "file" && target.closest(".file")) preview(target);
  if (target.dataset.submit !== undefined) target.form.requestSubmit();
  if (target.dataset.singleKeys !== undefined) remember("workshop.keys", target.checked ? "on" : "off");
}

// ---- Keys ----

const isTyping = (element) =>
  element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

function keyed(event) {
  if (event.isComposing || event.defaultPrevented) return;
  closeMenu(event);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && one("#palette")) {
    event.preventDefault();
    openDialog("palette");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (one("dialog[open]") || remember("workshop.keys") === "off") return;
  singleKey(event);
}

function singleKey(event) {
  if (event.key === "?" || event.key === "？") {
    event.preventDefault();
    openDialog("keys");
    return;
  }
  const target = all("[data-key]").find((each) => each.dataset.key === event.key);
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.click();
}

function listKeys() {
  const list = one("[data-page-keys]");
  if (!list) return;
  one("[data-single-keys]").checked = remember("workshop.keys") !== "off";
  list.replaceChildren();
  for (const target of all("[data-key]")) {
    const row = document.createElement("div");
    const name = document.createElement("dt");
    name.textContent = target.getAttribute("aria-label") || target.textContent.trim();
    const keys = document.createElement("dd");
    const key = document.createElement("kbd");
    key.className = "kbd";
    key.textContent = target.dataset.key;
    keys.append(key);
    row.append(name, keys);
    list.append(row);
  }
}

// ---- Start ----

document.addEventListener("click", (event) => {
  const by = event.target.closest("[data-by]");
  if (by) step(by);
  const filler = event.target.closest("[data-fill]");
  if (filler) fill(filler);
  pressed(event);
});
document.addEventListener("keydown", keyed);
document.addEventListener("submit", submitted);
document.addEventListener("change", changed);
document.addEventListener("workshop:toast", (event) => toast(event.detail));
document.addEventListener("workshop:dialog", (event) => openDialog(event.detail));
window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
one("#keys")?.addEventListener("workshop:opened", listKeys);
unfold(location.hash);
one(".form-errors")?.focus();
quietBubbles();
showTheme();
