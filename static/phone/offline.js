// Lets the pages of a phone open in a dead spot: the worker is registered, this page and those it
// names (data-pages) are kept, with what they are made of. Without a worker (a shop served
// without HTTPS has none) the page that is open goes on working all the same.

import { LEFT, leave } from "./leave.js";

const STORE = "workshop-phone";
const WHOSE = "workshop.whose-phone";
const page = document.querySelector("[data-queue]");
const isKept = document.documentElement.hasAttribute("data-kept");

async function prepare() {
  await navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.scope });
  const { active } = await navigator.serviceWorker.ready;
  // A page that opened while the worker woke up asks to be looked after, too.
  if (!navigator.serviceWorker.controller) active.postMessage("claim");
  if (isKept) return;
  await forgetOthers();
  const store = await caches.open(STORE);
  await keepAssets(store);
  const words = await keepPages(store);
  await loadFonts(words);
  await keepAssets(store);
  page.dataset.ready = "yes";
}

// Another person's jobs are nobody's business on this phone.
async function forgetOthers() {
  if (localStorage.getItem(WHOSE) === page.dataset.user) return;
  await caches.delete(STORE);
  localStorage.setItem(WHOSE, page.dataset.user);
}

const assets = () => [
  ...new Set(
    performance
      .getEntriesByType("resource")
      .map((each) => each.name)
      .filter((name) => name.startsWith(`${location.origin}/static/`)),
  ),
];

const keepAssets = (store) => Promise.all(assets().map((url) => keepAsset(store, url)));

async function keepAsset(store, url) {
  if (await store.match(url, { ignoreVary: true })) return;
  const answer = await fetch(url);
  if (answer.ok) await store.put(url, answer);
}

// A phone without Chinese characters of its own fetches those of the kept pages now (writing.js).
function loadFonts(words) {
  document.dispatchEvent(new CustomEvent("workshop:writing", { detail: words }));
  return document.fonts.load(`16px ${getComputedStyle(document.body).fontFamily}`, words);
}

/** Keep a page as it is now, for the dead spot. */
export async function keepPage(url, answer) {
  if (navigator.serviceWorker?.controller) await (await caches.open(STORE)).put(url, answer);
}

async function keepPages(store) {
  let words = document.documentElement.outerHTML;
  const named = [...document.querySelectorAll("[data-pages]")].flatMap((each) => each.dataset.pages.split(" "));
  const next = [...document.querySelectorAll("a.next-job")].map((link) => link.pathname);
  for (const url of new Set([location.pathname, ...named, ...next])) {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) continue;
    words += await answer.clone().text();
    await store.put(url, answer);
  }
  return words;
}

if ("serviceWorker" in navigator && "caches" in window) {
  const start = () => prepare().catch(() => {}); // A line that breaks now is tried with the next page.
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
}

document.addEventListener("submit", (event) => {
  if (event.target.action?.endsWith("/sign-out")) leave();
});

// Signed out in another tab: this one shows its cars no longer. Who signed out while this page was
// on its way was not heard by it, so it asks once.
addEventListener("storage", (event) => {
  if (event.key === LEFT) location.reload();
});
if (leftSince(performance.timeOrigin)) location.replace(location.href);

function leftSince(moment) {
  try {
    return Number(localStorage.getItem(LEFT)) > moment;
  } catch {
    return false; // Storage may be forbidden; then nobody else has left a word.
  }
}
