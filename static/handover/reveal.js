// Fields that only one answer needs are shown with that answer. Without scripts all are shown.

function reveal(box, radios, value) {
  const form = box?.closest("form");
  if (!form) return;
  const show = () => {
    box.hidden = form.querySelector(`input[name='${radios}']:checked`)?.value !== value;
  };
  form.addEventListener("change", show);
  show();
}

reveal(document.querySelector("[data-other]"), "collector-collector", "other");
reveal(document.querySelector("[data-damage]"), "walk-new_damage", "yes");
