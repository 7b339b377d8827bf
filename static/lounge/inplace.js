// One press after the other without a new page: a form with data-inplace is sent in the
// background, and the parts of the answer that have an id here are put in place. A refusal is sent
// again the ordinary way, so that its page is shown. Without scripts the forms work as well.

const PARTS = "#lounge-live, #acts-live, #round";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-inplace]") || event.defaultPrevented) return;
  event.preventDefault();
  send(form);
}, true);

async function send(form) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  form.querySelector("button")?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(String(answer.status));
    place(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    form.removeAttribute("data-inplace");
    form.submit();
  }
}

function place(page) {
  const focus = document.activeElement?.id;
  for (const part of document.querySelectorAll(PARTS)) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(document.importNode(fresh, true));
  }
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  arrange();
}

// Fields that matter only with a loaner car, or with a complaint.
function arrange() {
  const sheet = document.querySelector("[data-departure]");
  if (sheet) {
    const chosen = sheet.querySelector("input[name='transport']:checked")?.value;
    sheet.querySelector("[data-loaner]").hidden = chosen !== "loaner";
  }
  const complained = document.querySelector("#complained");
  if (complained) document.querySelector("[data-if-complained]").hidden = !complained.checked;
}

document.addEventListener("change", arrange);
arrange();
