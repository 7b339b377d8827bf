// Tapping the drawn car: the nearest named place is chosen, and a pin shows where the mark goes.

const SVG = "http://www.w3.org/2000/svg";

function pointOn(svg, event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  const { x, y } = point.matrixTransform(svg.getScreenCTM().inverse());
  return { x: Math.round(x), y: Math.round(y) };
}

function nearest(select, view, { x, y }) {
  const far = (option) => (option.dataset.x - x) ** 2 + (option.dataset.y - y) ** 2;
  const options = [...select.options].filter((option) => option.dataset.view === view);
  return options.reduce((best, option) => (far(option) < far(best) ? option : best));
}

function pin(plan, view, { x, y }) {
  plan.querySelector(".car-pin-new")?.remove();
  const svg = plan.querySelector(`svg[data-view="${view}"]`);
  if (!svg) return;
  const mark = document.createElementNS(SVG, "g");
  mark.setAttribute("class", "car-pin car-pin-new");
  mark.setAttribute("transform", `translate(${x} ${y})`);
  const circle = document.createElementNS(SVG, "circle");
  circle.setAttribute("r", svg.viewBox.baseVal.width > 500 ? "24" : "26");
  mark.append(circle);
  svg.append(mark);
}

function wire(form) {
  const plan = form.closest("[data-part]").querySelector(".car-plan");
  const select = form.querySelector("select");
  const [view, x, y] = ["view", "x", "y"].map((name) => form.elements[`mark-${name}`]);

  const put = (where, point) => {
    view.value = where;
    x.value = String(point.x);
    y.value = String(point.y);
    pin(plan, where, point);
    form.classList.add("is-tapped");
  };

  plan.addEventListener("click", (event) => {
    const svg = event.target.closest("svg.car-live");
    if (!svg) return;
    const point = pointOn(svg, event);
    nearest(select, svg.dataset.view, point).selected = true;
    put(svg.dataset.view, point);
    form.scrollIntoView({ block: "nearest", behavior: "smooth" });
    form.querySelector("input[type='radio']:checked, input[type='radio']").focus({ preventScroll: true });
  });
  select.addEventListener("change", () => {
    const { view: where, x: zoneX, y: zoneY } = select.selectedOptions[0].dataset;
    if (where) put(where, { x: Number(zoneX), y: Number(zoneY) });
  });
  if (view.value && x.value) pin(plan, view.value, { x: x.value, y: y.value });
}

export function markForms(root) {
  for (const form of root.querySelectorAll("form[data-mark]:not([data-wired])")) {
    form.dataset.wired = "yes";
    wire(form);
  }
}
