// What only another person needs is shown only for another person. Without scripts all is shown.

const part = document.querySelector("#collector form");
const other = part?.querySelector("[data-other]");

function show() {
  const chosen = part.querySelector("input[name='collector-collector']:checked");
  other.hidden = chosen?.value !== "other";
}

if (other) {
  part.addEventListener("change", show);
  show();
}
