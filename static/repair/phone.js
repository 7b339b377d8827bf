// The technician's pages: the work ahead of what has arrived, the running clock, the ten seconds.

import { begin } from "../phone/taps.js";
import * as ahead from "./expected.js";

begin({ shown: ahead.show });

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
