// The meter beside a new password. The shop judges while somebody types, by the same library that
// decides when the form is sent; without an answer the meter stays away and nothing is lost.

const WAIT_MS = 250;

for (const meter of document.querySelectorAll("[data-meter]")) watch(meter);

function watch(meter) {
  const field = document.getElementById(meter.dataset.meterOf);
  let timer = 0;
  let asked = 0;
  field?.addEventListener("input", () => {
    clearTimeout(timer);
    if (!field.value) meter.hidden = true;
    else timer = setTimeout(async () => {
      const number = ++asked;
      const judged = await judge(meter, field.value);
      if (number === asked && field.value && judged) show(meter, judged);
    }, WAIT_MS);
  });
}

async function judge(meter, password) {
  try {
    const body = new URLSearchParams({password, csrf_token: meter.dataset.token});
    const answer = await fetch(meter.dataset.meter, {method: "POST", body});
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function show(meter, judged) {
  meter.hidden = false;
  meter.dataset.score = judged.score;
  meter.querySelector("rect").setAttribute("width", String(20 + judged.score * 20));
  meter.querySelector("[data-meter-words]").textContent = judged.words;
  meter.querySelector("[data-meter-advice]").textContent = judged.advice;
}
