// What becomes of a dropped card: the server's answer, the way back, and what would do instead.

import { MINUTE, one, say, toast, words } from "./grid.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

// Sends a held card to the server; `release` lets go of it.
export async function drop(held, release) {
  held.sent = true;
  held.ghost.classList.add("is-sent");
  const address = held.queue ? held.card.dataset.queue : held.card.dataset.drop;
  await settle(await send(address, held.queue ? seen(held) : place(held)), held, release);
}

// A card of the week goes to a person's day; the server finds the time.
export async function dropOnDay(card, cell, held, release) {
  const body = seen({ card });
  body.set("technician_id", cell.dataset.technician);
  body.set("day", cell.dataset.day);
  await settle(await send(card.dataset.dropDay, body), held, release);
}

function seen({ card }) {
  const body = new FormData();
  body.set("csrf_token", one("meta[name='csrf-token']").content);
  body.set("version", card.dataset.version);
  return body;
}

function place(held) {
  const body = seen(held);
  const longer = Math.round((held.length - held.home.length) / MINUTE);
  body.set("starts_at", new Date(held.start).toISOString());
  const minutes = Number(held.card.dataset.minutes);
  body.set("minutes", minutes ? minutes + longer : "");
  body.set(held.row.row.dataset.row, held.row.row.dataset.id);
  return body;
}

async function send(address, body) {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(address, { method: "POST", body, headers });
    return await answer.json();
  } catch {
    return { done: false, said: words.failed };
  }
}

async function settle(answer, held, release) {
  if (answer.done) {
    say(answer.said);
    if (answer.html) showAnswer(answer.html, answer.card);
    reload(() => {
      if (held) release(held);
      const card = document.getElementById(answer.card);
      if (card && (!held || held.keys)) card.focus({ preventScroll: true });
      const undo = one(".bd-undo") && (() => one(".bd-undo").requestSubmit());
      if (!answer.html) toast(answer.said, "good", undo);
    });
    return;
  }
  if (held) await flyHome(held);
  if (held) release(held);
  say(answer.said);
  if (answer.dialog) openForm(answer);
  else if (answer.html) showAnswer(answer.html, held?.card.id);
  else toast(answer.said, "bad");
  reload(() => {});
}

// What was refused goes back before our eyes, so that nobody thinks it stayed.
async function flyHome(held) {
  if (calm.matches) return;
  const end = `translate3d(${held.home.left}px, ${held.home.top}px, 0)`;
  const flight = held.ghost.animate([{ transform: end }], { duration: 220, easing: "ease-in-out" });
  // A flight that is broken off must not drop the words of the refusal.
  await flight.finished.catch(() => {});
}

function reload(done) {
  document.dispatchEvent(new CustomEvent("workshop:board-reload", { detail: { done } }));
}

function openForm(answer) {
  toast(answer.said, "warn");
  const detail = { url: answer.dialog, field: answer.field };
  document.dispatchEvent(new CustomEvent("workshop:board-open", { detail }));
}

// ---- What was refused, and what would do; or what was placed as a whole, and why ----

function showAnswer(html, cardId) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const box = one("#bd-refused");
  box.replaceChildren(document.importNode(page.body.firstElementChild, true));
  box.dataset.card = cardId || "";
  one(".bd-refused-acts button, .bd-refused-acts a, [data-refused-close]", box)?.focus();
}

export function closeRefusal() {
  const box = one("#bd-refused");
  if (!box?.firstChild) return;
  box.replaceChildren();
  document.getElementById(box.dataset.card)?.focus({ preventScroll: true });
}

export async function sendAgain(form) {
  const body = new FormData(form);
  one("#bd-refused").replaceChildren();
  const answer = await send(form.action, body);
  // The form may stand on the board itself: what is being sent is not renewed.
  for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  await settle(answer, null);
}
