// Sets data-theme before the first paint, so that a dark page never flashes white.
// Loaded without defer in the head; the switch itself lives in base.js.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return localStorage.getItem("workshop.theme") || "system";
    } catch {
      return "system"; // Storage may be forbidden; the system's wish still counts.
    }
  };
  const apply = () => {
    const choice = stored();
    root.dataset.themeChoice = choice;
    root.dataset.theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  };
  apply();
  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("workshop:theme", apply);
})();
