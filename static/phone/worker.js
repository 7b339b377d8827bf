// Shows a phone's pages while the line is down: what was seen last, marked as kept. It answers for
// the addresses that it was registered for only; acts are none of its business, they wait in the page's queue.

const STORE = "workshop-phone";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("message", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(event, url));
});

async function page(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.status >= 502) return (await kept(event.request)) || answer;
    if (answer.ok && !answer.redirected) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch {
    return (await kept(event.request)) || Response.error();
  }
}

async function keep(request, answer) {
  const store = await caches.open(STORE);
  await store.put(request, answer);
}

async function kept(request) {
  const found = await caches.match(request, { ignoreVary: true });
  if (!found) return null;
  const text = (await found.text()).replace("<html ", '<html data-kept="yes" ');
  const headers = new Headers(found.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(text, { status: 200, headers });
}

// An address with a fingerprint never changes; anything else is asked for first.
async function asset(event, url) {
  const store = await caches.open(STORE);
  const known = await store.match(event.request, { ignoreVary: true });
  if (known && url.searchParams.has("v")) return known;
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(replace(store, event.request, answer.clone()));
    return answer;
  } catch {
    return known || Response.error();
  }
}

// Only the newest version of a file is kept.
async function replace(store, request, answer) {
  await store.delete(request, { ignoreSearch: true, ignoreVary: true });
  await store.put(request, answer);
}
