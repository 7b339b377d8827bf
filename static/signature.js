// A pad to sign on with mouse, finger or pen, or by typing the name.
// The hidden input carries a PNG data URL of the ink; a typed name is drawn as ink as well, so that
// the printed sheet has a signature either way. Nothing is posted while the pad is empty.

const INK = "#10182a";
const WIDTH = 2.6; // Line width in canvas pixels of a 600 px pad.
// The server measures the picture (orders/pictures.py); here only so that the hint comes at once.
const LEAST_LONG = 110;
const LEAST_WIDE = 36;
const LEAST_HIGH = 9;

function signaturePad(box) {
  const canvas = box.querySelector("canvas");
  const value = box.querySelector("[data-signature-value]");
  const typed = box.querySelector("[data-signature-typed]");
  const status = box.querySelector("[data-signature-status]");
  const pen = canvas.getContext("2d");
  let last = null; // Where the stroke in hand has come to.
  let drawn = { long: 0, left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };

  const point = (event) => {
    const frame = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - frame.left) * canvas.width) / frame.width,
      y: ((event.clientY - frame.top) * canvas.height) / frame.height,
    };
  };

  const keep = () => {
    value.value = canvas.toDataURL("image/png");
    value.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const say = (what) => {
    status.textContent = status.dataset[what];
    status.classList.toggle("sr-only", what !== "little");
    status.classList.toggle("field-error", what === "little");
  };

  const measure = ({ x, y }) => {
    drawn.long += Math.hypot(x - last.x, y - last.y);
    drawn.left = Math.min(drawn.left, x);
    drawn.right = Math.max(drawn.right, x);
    drawn.top = Math.min(drawn.top, y);
    drawn.bottom = Math.max(drawn.bottom, y);
  };

  const isName = () =>
    drawn.long >= LEAST_LONG &&
    drawn.right - drawn.left >= LEAST_WIDE &&
    drawn.bottom - drawn.top >= LEAST_HIGH;

  const wipe = () => {
    drawn = { long: 0, left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
    pen.clearRect(0, 0, canvas.width, canvas.height);
    value.value = "";
    value.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const begin = (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    if (typed.value) {
      typed.value = "";
      wipe();
    }
    last = point(event);
    stroke(last); // A dot is a stroke too.
  };

  const stroke = (next) => {
    pen.strokeStyle = INK;
    pen.lineWidth = WIDTH;
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(next.x, next.y + (next === last ? 0.1 : 0));
    pen.stroke();
    measure(next);
    last = next;
  };

  const draw = (event) => {
    if (!last) return;
    const steps = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const each of steps.length ? steps : [event]) stroke(point(each));
  };

  const end = () => {
    if (!last) return;
    last = null;
    keep();
    say(isName() ? "drawn" : "little");
  };

  const write = () => {
    wipe();
    const name = typed.value.trim();
    if (!name) return;
    say("drawn");
    pen.fillStyle = INK;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    let size = 84;
    do {
      pen.font = `500 ${size}px ${getComputedStyle(box).fontFamily}`;
      size -= 4;
    } while (pen.measureText(name).width > canvas.width * 0.85 && size > 16);
    pen.fillText(name, canvas.width / 2, canvas.height * 0.48);
    keep();
  };

  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", draw);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  typed.addEventListener("input", write);
  box.querySelector("[data-signature-clear]").addEventListener("click", () => {
    typed.value = "";
    wipe();
    say("cleared");
  });
  // A refused form brings back what was drawn; what is added to it is judged by the server alone.
  const restore = () => {
    drawn = { long: LEAST_LONG, left: 0, right: LEAST_WIDE, top: 0, bottom: LEAST_HIGH };
    const ink = new Image();
    ink.addEventListener("load", () => pen.drawImage(ink, 0, 0, canvas.width, canvas.height));
    ink.src = value.value;
  };

  if (typed.value) write();
  else if (value.value) restore();
}

document.querySelectorAll("[data-signature]").forEach(signaturePad);
