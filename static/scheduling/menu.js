// The menu of a card: right click, Shift+F10 or the menu key. Everything in it stands in the form
// behind the card too.

import { sendAgain } from "./drop.js";
import { all, one, say, toast } from "./grid.js";

const menu = one("#bd-menu");
let card = null;

function open(event) {
  const target = event.target.closest?.(".bd-card[data-drop], .wk-chip[data-drop-day]");
  if (!menu || !target || document.body.dataset.held || one("dialog[open]")) return;
  event.preventDefault();
  card = target;
  for (const item of all("[data-do]", menu)) item.hidden = !can(item.dataset.do);
  menu.hidden = false;
  const box = card.getBoundingClientRect();
  const x = event.clientX || box.left;
  const y = event.clientY || box.bottom;
  const left = Math.min(x, innerWidth - menu.offsetWidth - 8);
  const top = Math.min(y, innerHeight - menu.offsetHeight - 8);
  menu.style.transform = `translate(${left}px, ${top}px)`;
  items()[0].focus();
}

const items = () => all("[role='menuitem']", menu).filter((each) => !each.hidden);
const can = (act) => act === "move" || act === "order" || Boolean(card.dataset[act]);

function close(back = true) {
  if (!menu || menu.hidden) return;
  menu.hidden = true;
  // The board may have been drawn again while the menu was open.
  if (back) (document.getElementById(card.id) || card).focus({ preventScroll: true });
}

function chosen(item) {
  const act = item.dataset.do;
  close(act !== "order");
  if (act === "move") card.click();
  else if (act === "order") location.href = card.dataset.order;
  else if (act === "queue") sendAgain(formOf(card.dataset.queue, []));
  else pin(formOf(card.dataset[act], act === "fix" ? ["technician", "bay", "start"] : []));
}

function formOf(action, keep) {
  const form = document.createElement("form");
  form.action = action;
  const values = [["csrf_token", one("meta[name='csrf-token']").content], ["version", card.dataset.version]];
  for (const [name, value] of [...values, ...keep.map((part) => ["keep", part])]) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  return form;
}

async function pin(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = (one(".notices p", page) || one(".notice, main p", page))?.textContent.trim() || "";
  say(said);
  const id = card.id;
  const done = () => {
    document.getElementById(id)?.focus({ preventScroll: true });
    const undo = answer.ok && one(".bd-undo") && (() => one(".bd-undo").requestSubmit());
    toast(said, answer.ok ? "good" : "bad", undo || undefined);
  };
  document.dispatchEvent(new CustomEvent("workshop:board-reload", { detail: { done } }));
}

function keyed(event) {
  if (menu.hidden) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const list = items();
    const next = list.indexOf(document.activeElement) + step;
    list[(next + list.length) % list.length].focus();
    event.preventDefault();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close();
  }
}

if (menu) {
  addEventListener("contextmenu", open);
  addEventListener("keydown", keyed, true);
  menu.addEventListener("click", (event) => {
    const item = event.target.closest("[role='menuitem']");
    if (item) chosen(item);
  });
  addEventListener("pointerdown", (event) => event.target.closest("#bd-menu") || close(false), true);
  addEventListener("scroll", () => close(false), { capture: true, passive: true });
}
