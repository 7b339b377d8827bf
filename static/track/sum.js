// What the customer's ticks add up to: the server counts, and the sum is announced.

for (const part of document.querySelectorAll("[data-sum]")) {
  let asked = 0;
  part.addEventListener("change", async () => {
    const mine = (asked += 1);
    const all = [...new FormData(part.closest("form"))];
    const query = new URLSearchParams(all.filter(([name]) => name.startsWith("decide-")));
    try {
      const answer = await fetch(`${part.dataset.sum}?${query}`);
      if (!answer.ok) return;
      const sum = await answer.text();
      // A tick that was set meanwhile has asked again.
      if (mine === asked) document.getElementById(part.dataset.into).innerHTML = sum;
    } catch (error) {
      // The line is gone for a moment; the next tick asks again, and signing counts anyway.
    }
  });
}
