// Notes on an order: a name from the list goes into the words with an @, and what names the reader
// is told to the server as seen once the order is open before them. The page renews its parts, so
// nothing is bound to an element.

function name(people) {
  const text = people.form.querySelector("textarea");
  const gap = text.value && !/\s$/.test(text.value) ? " " : "";
  text.setRangeText(`${gap}@${people.value} `, text.selectionStart, text.selectionEnd, "end");
  people.value = "";
  text.focus();
}

function see() {
  const notes = document.querySelector("[data-notes-seen]");
  if (!notes || document.hidden) return;
  const headers = { "X-CSRFToken": document.querySelector("meta[name='csrf-token']").content };
  // Who is cut off sees it in the inbox again.
  fetch(notes.dataset.notesSeen, { method: "POST", headers }).catch(() => {});
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-mention]") && event.target.value) name(event.target);
});
document.addEventListener("workshop:fresh", see);
document.addEventListener("visibilitychange", see);
see();
