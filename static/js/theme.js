// Runs before the first paint, so that nothing flashes: theme, list view, and that there is JavaScript at all.
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  root.classList.add("js");
  const theme = read("fairouz-theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  if (read("fairouz-view") === "rows") root.dataset.view = "rows";
})();
