// Cash: what was handed over less what is paid is the change. Only the payment is sent.

const form = document.getElementById("pay");
const cash = form?.querySelector("[data-cash]");

// Yuan as people type them, in whole fen; NaN for anything else.
function fen(text) {
  const plain = text.normalize("NFKC").replace(/[¥,\s元]/g, "");
  return /^\d+(\.\d{0,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : NaN;
}

function show() {
  const tender = form.querySelector("input[name='pay-tender']:checked");
  cash.hidden = tender?.value !== "cash";
  const change = fen(cash.querySelector("input").value) - fen(form.elements["pay-amount"].value);
  const output = cash.querySelector("[data-change]");
  output.textContent = Number.isNaN(change) || change < 0 ? "—" : `¥${(change / 100).toFixed(2)}`;
}

if (cash) {
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
