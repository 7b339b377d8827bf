// The counter's list keeps itself fresh: a released order appears without a reload. It waits while
// somebody works inside the list, so nothing moves under a finger.

const SECONDS = 12;
const live = () => document.querySelector("[data-live]");

async function refresh() {
  const here = live();
  if (document.hidden || here.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const there = fresh.querySelector("[data-live]");
  if (there && words(there) !== words(here) && !here.contains(document.activeElement)) {
    here.replaceChildren(...there.childNodes);
  }
}

// Tokens differ in each answer; what people read decides.
function words(node) {
  return node.textContent.replace(/\s+/g, " ");
}

setInterval(refresh, SECONDS * 1000);
