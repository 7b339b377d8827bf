// Keeps today's board fresh while nobody is using it: a stamp at the gate shows at the desk.

const EVERY_MS = 30000;

function isInUse(board) {
  return board.contains(document.activeElement) || board.querySelector("details[open]") || document.querySelector("dialog[open]");
}

async function refresh() {
  const board = document.getElementById("board");
  const address = board?.dataset.board;
  if (!address || document.hidden || isInUse(board)) return;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("board");
    if (fresh && !isInUse(board)) board.replaceWith(fresh);
  } catch {
    // The line is down: the next round tries again.
  }
}

setInterval(refresh, EVERY_MS);
