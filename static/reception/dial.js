// The big gauge follows the chosen level, and a tap or a drag on it chooses one.

const EIGHTHS = 8;

function show(dial, percent) {
  dial.querySelector(".dial-value").setAttribute("stroke-dasharray", `${percent} 200`);
  const needle = dial.querySelector(".dial-needle");
  needle.setAttribute("transform", `rotate(${-90 + 1.8 * percent} 120 120)`);
  needle.setAttribute("visibility", "visible");
}

function percentAt(dial, event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(dial.getScreenCTM().inverse());
  const angle = (Math.atan2(120 - at.y, 120 - at.x) * 180) / Math.PI;
  return Math.min(100, Math.max(0, at.y > 125 ? (at.x < 120 ? 0 : 100) : (angle / 180) * 100));
}

function wire(dial) {
  const form = dial.closest("form");
  if (!form) return;
  const isEighths = dial.dataset.dial === "eighths";
  const inputs = [...form.querySelectorAll(`[name="gauges-${dial.dataset.dial}"]`)];

  const choose = (percent) => {
    if (isEighths) {
      const step = Math.round((percent * EIGHTHS) / 100);
      const input = inputs.find((each) => each.value === String(step));
      input.checked = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      inputs[0].value = String(Math.round(percent / 5) * 5);
      inputs[0].dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  const follow = () => {
    const chosen = isEighths ? inputs.find((each) => each.checked) : inputs[0];
    const value = Number.parseInt(chosen?.value ?? "", 10);
    if (!Number.isNaN(value)) show(dial, isEighths ? (value * 100) / EIGHTHS : Math.min(100, value));
  };

  dial.addEventListener("pointerdown", (event) => {
    dial.setPointerCapture(event.pointerId);
    choose(percentAt(dial, event));
  });
  dial.addEventListener("pointermove", (event) => {
    if (dial.hasPointerCapture(event.pointerId)) choose(percentAt(dial, event));
  });
  for (const input of inputs) {
    input.addEventListener("change", follow);
    input.addEventListener("input", follow);
  }
  follow();
}

export function dials(root) {
  for (const dial of root.querySelectorAll("svg[data-dial]:not([data-wired])")) {
    dial.dataset.wired = "yes";
    wire(dial);
  }
}
