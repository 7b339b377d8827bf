// Makes a part of the page like the one that the server has just sent, and touches only what differs:
// a row, a card, a number. What stays the same keeps its focus, its place and what is open in it.
// Elements are known again by their id, rows and forms by where they lead, others by their place.
// What somebody is at (types in, has opened a form in) is left alone, and said to be left.

const OWN = new Set(["open", "style"]); // Set by people and by scripts; no page is sent with a style.
const FIELDS = /^(INPUT|TEXTAREA|SELECT)$/;
const TYPED = "input:not([type='hidden']), textarea, select";

// Whether somebody is at this very element, whatever lies around it.
function isTaken(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return false;
  if (node.matches("dialog[open], [aria-busy='true']")) return true;
  if (node.matches("details[open]")) return node.querySelector(`form :is(${TYPED})`) !== null;
  const focus = document.activeElement;
  return node.matches("form") && node.contains(focus) && FIELDS.test(focus.tagName) && focus.type !== "hidden";
}

// Whether somebody is at it, or at something in it.
export const holdsTaken = (node) => {
  if (isTaken(node)) return true;
  if (node.nodeType !== Node.ELEMENT_NODE) return false;
  const focus = document.activeElement;
  if (node.contains(focus) && FIELDS.test(focus.tagName)) return true;
  return [...node.querySelectorAll("dialog[open], [aria-busy='true'], details[open]")].some(isTaken);
};

// Returns how many pieces were changed, and the elements that had to be left.
export function patch(old, fresh) {
  const work = { root: old, fresh: fresh.ownerDocument, changed: 0, left: [] };
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  element(old, fresh, work);
  // A card that has been carried to another row lost it on the way.
  if (focus?.isConnected && document.activeElement !== focus) focus.focus({ preventScroll: true });
  else if (focus && !focus.isConnected && focus.id) document.getElementById(focus.id)?.focus({ preventScroll: true });
  return work;
}

function element(old, fresh, work) {
  if (old.isEqualNode(fresh)) return;
  if (old !== work.root && isTaken(old)) {
    work.left.push(old);
    return;
  }
  attributes(old, fresh, work);
  if (old.tagName !== "TEXTAREA") children(old, fresh, work);
}

function attributes(old, fresh, work) {
  for (const { name, value } of [...fresh.attributes]) {
    if (OWN.has(name) || old.getAttribute(name) === value) continue;
    old.setAttribute(name, value);
    if (!isToken(old)) work.changed += 1;
  }
  for (const { name } of [...old.attributes]) {
    if (!OWN.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
}

// Each answer has tokens of its own; people see nothing of them.
const isToken = (node) => node.type === "hidden" && /^(csrf_token|client_id)$/.test(node.name);

// A clock counts on from when it was first seen, so one with other seconds is another clock.
const isClock = (node) => node.dataset?.seconds !== undefined;

function children(old, fresh, work) {
  let next = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const found = match(next, wanted, old, work);
    wanted.done = true;
    if (!found) {
      old.insertBefore(document.importNode(wanted, true), next);
      for (const each of wanted.querySelectorAll?.("[id]") || []) each.done = true;
      work.changed += wanted.nodeType === Node.ELEMENT_NODE ? 1 : 0;
      continue;
    }
    if (found === next) next = next.nextSibling;
    else old.insertBefore(found, next);
    one(found, wanted, work);
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    if (isElsewhere(gone, work)) continue; // It is carried there when its new place is made.
    if (holdsTaken(gone)) {
      work.left.push(gone);
      continue;
    }
    gone.remove();
    work.changed += 1;
  }
}

function one(found, wanted, work) {
  if (found.nodeType === Node.ELEMENT_NODE) {
    if (isClock(wanted) && !found.isEqualNode(wanted)) {
      found.replaceWith(document.importNode(wanted, true));
      return;
    }
    element(found, wanted, work);
  } else if (found.data !== wanted.data) {
    if (found.data.trim() !== wanted.data.trim()) work.changed += 1;
    found.data = wanted.data;
  }
}

// The node that is to become the wanted one: the one of its id wherever it is now, the next if it is
// alike, or one further on that is the same already.
function match(next, wanted, old, work) {
  if (wanted.id) {
    const known = document.getElementById(wanted.id);
    const isOurs = known && work.root.contains(known) && known.tagName === wanted.tagName && !known.contains(old);
    return isOurs ? known : null;
  }
  if (!next) return null;
  const key = keyOf(wanted);
  if (!key && isAlike(next, wanted) && !keyOf(next)) return next;
  if (wanted.nodeType !== Node.ELEMENT_NODE) return null;
  for (let each = next; each; each = each.nextSibling) {
    if (key ? isAlike(each, wanted) && keyOf(each) === key : each.isEqualNode(wanted)) return each;
  }
  return null;
}

// A row is the one of the car that it leads to, and a form the one of its act: no button under
// somebody's finger may become the button of another car.
function keyOf(node) {
  if (!/^(LI|TR|ARTICLE|A|FORM)$/.test(node.nodeName)) return "";
  const to = (each) => each?.getAttribute("href") || each?.getAttribute("action") || "";
  return to(node) || to(node.querySelector("[href], [action]"));
}

function isElsewhere(node, work) {
  const there = node.id && work.fresh.getElementById(node.id);
  return Boolean(there) && there.tagName === node.tagName && !there.done;
}

const isAlike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && !a.id;
