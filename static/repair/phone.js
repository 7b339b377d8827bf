// The technician's acts travel by themselves: "sending…", and again and again while the line is
// down. The form bears a client id, so the server applies it once however often it comes.

const WAITS = [1000, 2000, 4000, 8000, 15000];
const line = document.querySelector("[data-line]");

function say(state) {
  if (!line) return;
  line.hidden = !state;
  line.dataset.state = state || "";
  line.textContent = state ? line.dataset[state] : "";
}

const pause = (ms) =>
  new Promise((go) => {
    const timer = setTimeout(go, ms);
    addEventListener("online", () => (clearTimeout(timer), go()), { once: true });
  });

async function post(form, data) {
  for (let turn = 0; ; turn += 1) {
    say(turn ? "waiting" : "sending");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: data });
      if (answer.status < 502) return answer;
    } catch {
      // No line: the same act goes again below.
    }
    await pause(WAITS[Math.min(turn, WAITS.length - 1)]);
  }
}

function mark(button, isBusy) {
  const label = button?.querySelector("[data-label]");
  if (!label) return;
  if (isBusy) {
    label.dataset.words = label.textContent;
    label.textContent = line?.dataset.sending || label.textContent;
    button.setAttribute("aria-busy", "true");
  } else {
    label.textContent = label.dataset.words || label.textContent;
    button.removeAttribute("aria-busy");
  }
}

async function send(form, button) {
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const data = new FormData(form, button);
  mark(button, true);
  const answer = await post(form, data);
  say("");
  if (answer.redirected && answer.ok) {
    await carry(answer);
    follow(answer.url, form.action);
    return;
  }
  // A refusal has its own page or keeps the form with its reasons: let the browser show it.
  mark(button, false);
  delete form.dataset.sent;
  form.removeAttribute("data-act");
  if (button?.name) keep(form, button);
  form.submit();
}

// The answer that fetch() followed to has used up what the shop says once; so it is carried over
// to the page that is shown, where say-once words stand as they always do.
const SAID = "workshop.said";

async function carry(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector(".notices");
  try {
    if (said) sessionStorage.setItem(SAID, said.outerHTML);
  } catch {
    // Storage may be forbidden; the page shows what has become of the job all the same.
  }
}

function repeat() {
  let said = null;
  try {
    said = sessionStorage.getItem(SAID);
    sessionStorage.removeItem(SAID);
  } catch {
    return;
  }
  if (!said || document.querySelector(".notices")) return;
  const page = new DOMParser().parseFromString(said, "text/html");
  document.querySelector("main").prepend(document.importNode(page.body.firstElementChild, true));
}

repeat();

// fetch() hides the fragment of a redirect, so the page asks for the place it was at.
function follow(url, action) {
  const target = new URL(url);
  if (action.includes("/points/")) target.hash = "points";
  const isHere = target.pathname === location.pathname && target.search === location.search;
  if (isHere) {
    history.replaceState(null, "", target);
    location.reload();
  } else {
    location.assign(target);
  }
}

// form.submit() leaves out the pressed button; its value travels as a hidden field instead.
function keep(form, button) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = button.name;
  field.value = button.value;
  form.append(field);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    send(form, event.submitter);
  },
  true,
);

// ---- The running clock, at the speed of the shop's clock ----

// A face that was renewed brings its own seconds, so each counts from when it was first seen.
const seen = new WeakMap();

function showClocks() {
  for (const face of document.querySelectorAll("[data-clock]")) {
    const speed = Number(face.dataset.speed);
    if (!speed) continue;
    if (!seen.has(face)) seen.set(face, performance.now());
    const waited = (performance.now() - seen.get(face)) / 1000;
    const seconds = Number(face.dataset.seconds) + waited * speed;
    const minutes = Math.floor(seconds / 60);
    face.textContent = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    face.closest(".face").classList.toggle("is-over", minutes > Number(face.dataset.book));
  }
}

showClocks();
setInterval(showClocks, 1000);

// ---- Undo goes away when its ten seconds are over ----

for (const box of document.querySelectorAll("[data-fade]")) {
  setTimeout(() => box.remove(), Number(box.dataset.fade) * 1000);
}

// ---- One item after the other: an answer brings the next question into sight ----

document.addEventListener("change", (event) => {
  const item = event.target.closest(".check-item");
  if (!item || event.target.type !== "radio" || event.target.value !== "good") return;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  item.nextElementSibling?.scrollIntoView({ behavior: isCalm ? "auto" : "smooth", block: "center" });
});
