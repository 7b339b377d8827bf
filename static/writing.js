// A device that has no Chinese characters of its own gets those that its pages show, and no others.
// Everybody else writes with the system's font and fetches none. Loaded in the head, without defer.
(() => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = "100px sans-serif";
  // A Chinese character is as wide as its size says; the box of a missing one is not.
  if (Math.abs(pen.measureText("车险").width - 200) < 4) return;

  const STORE = "workshop.writing";
  const MOST = 500; // What one address can carry.
  const SETS = 60; // After so many it begins again, with larger ones.
  const PAUSE_MS = 40;
  const LATIN = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n)).join("");
  const known = new Set("·\n"); // The dot of a plate is as wide as a whole character there.
  let sets = [];
  let timer;

  // One set of characters is one font; the browser fetches it once and keeps it.
  function add(set) {
    const codes = [...set].map((each) => each.codePointAt(0)).sort((a, b) => a - b);
    const steps = codes.map((code, n) => (n ? code - codes[n - 1] : code).toString(36));
    const range = codes.map((code) => `U+${code.toString(16)}`).join(",");
    const url = `url("/static/writing/${steps.join(".")}.woff2?v=1")`;
    document.fonts.add(new FontFace("Workshop Writing", url, { unicodeRange: range }));
    for (const each of set) known.add(each);
  }

  function want(text) {
    // In their own order: what is kept here says nothing of the page to the next who holds the phone.
    const fresh = [...new Set(text)].filter((each) => each >= " " && !known.has(each)).sort();
    if (!fresh.length) return;
    for (let n = 0; n < fresh.length; n += MOST) {
      const set = fresh.slice(n, n + MOST).join("");
      add(set);
      sets.push(set);
    }
    keep();
  }

  function keep() {
    try {
      localStorage.setItem(STORE, JSON.stringify(sets.length > SETS ? [] : sets));
    } catch {
      // Storage may be forbidden; then the next page asks for its own again.
    }
  }

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(STORE)) || [];
    } catch {
      return [];
    }
  }

  function look() {
    const fields = [...document.querySelectorAll("input, textarea, option")];
    const typed = fields.map((each) => `${each.placeholder || ""}${each.value || ""}${each.label || ""}`);
    want(document.body.innerText + typed.join(""));
  }

  function watch() {
    new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(look, PAUSE_MS);
    }).observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
    look();
  }

  document.documentElement.dataset.writing = "ours";
  sets = kept();
  sets.forEach(add);
  document.addEventListener("DOMContentLoaded", watch);
  document.addEventListener("focusin", (event) => event.target.matches("input, textarea") && want(LATIN));
  document.addEventListener("input", (event) => want(event.target.value || ""));
  // A page that keeps others for a dead spot (phone/offline.js) asks for their characters, too.
  document.addEventListener("workshop:writing", (event) => want(event.detail));
})();
