// What every page needs: theme and view switches, menus, and navigation that swaps #main without losing the reader's place.

const root = document.documentElement;
const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode: it lasts for this page */ } };

// Theme: automatic → dark → light
const THEMES = ["auto", "dark", "light"];
const NAMES = { auto: "automatic", dark: "dark", light: "light" };
function showTheme() {
  const theme = root.dataset.theme ?? "auto";
  const button = document.querySelector("[data-theme-switch]");
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${theme}`));
  button.setAttribute("aria-label", `Theme: ${NAMES[theme]}`);
}
function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
  if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
  keep("fairouz-theme", theme);
  showTheme();
}
showTheme();

function setView(view) {
  if (view === "rows") root.dataset.view = "rows"; else delete root.dataset.view;
  keep("fairouz-view", view);
}

async function copy(button) {
  const label = button.querySelector("span");
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  label.textContent = "Copied";
}

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-theme-switch]")) nextTheme();
  const view = target.closest("button[data-view]");
  if (view) setView(view.dataset.view);
  const copied = target.closest("[data-copy]");
  if (copied) copy(copied);
  closeMenus(target);
});

// Menus close by Escape, by a click elsewhere and by following one of their links
function closeMenus(target) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target) || target.closest(".menu__list a")) menu.open = false;
  }
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]") ?? document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// Empty fields of a form say nothing: leave them out of the address
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get" || !detail.formData) return;
  for (const [name, value] of [...detail.formData.entries()]) if (value === "") detail.formData.delete(name);
});

// Forms that answer while they are filled in; a field that is typed into waits for a pause
let sending = 0;
function sendSoon(event) {
  const { form, type } = event.target;
  const typed = type === "search" || type === "text";
  if (!event.target.closest("[data-send-soon]") || (typed && event.type === "change")) return;
  if (event.type === "input" && !typed) return;
  clearTimeout(sending);
  sending = setTimeout(() => form.requestSubmit(), typed ? 350 : 0);
}
document.addEventListener("input", sendSoon);
document.addEventListener("change", sendSoon);
document.addEventListener("submit", () => clearTimeout(sending));

// A panel that sends its form elsewhere than to its page pushes the page's own address with the new query
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  if (detail.requestConfig.elt.closest("[data-push-query]")) {
    detail.history.path = location.pathname + new URL(detail.history.path, location.href).search;
  }
  // The same address again is not another step back
  if (new URL(detail.history.path, location.href).href === location.href) detail.history.type = "replace";
});

// Where the reader was on each page, for back and forward and reload
history.scrollRestoration = "manual";
const places = JSON.parse(sessionStorage.getItem("fairouz-places") ?? "{}");
addEventListener("scroll", () => { places[location.href] = Math.round(scrollY); }, { passive: true });
addEventListener("pagehide", () => sessionStorage.setItem("fairouz-places", JSON.stringify(places)));
if (["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type)) scrollTo(0, places[location.href] ?? 0);

let restoring = 0;
addEventListener("popstate", () => { restoring = places[location.href] ?? 0; });
document.addEventListener("htmx:historyRestore", () => {
  markPlace();
  scrollTo(0, restoring);
});
// An error page cannot be restored piecewise: load it as a whole
document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());

// The bar outside #main has to learn where we are
function markPlace() {
  for (const link of document.querySelectorAll(".topbar nav a, .menu__nav a")) {
    if (new URL(link.href).pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
function announce(words) {
  document.getElementById("announcer").textContent = words;
}
document.addEventListener("htmx:afterSettle", ({ detail, target }) => {
  if (detail.boosted) {
    markPlace();
    document.getElementById("main").focus({ preventScroll: true });
    announce(document.title);
    return;
  }
  const line = target.querySelector?.("[data-announce]") ?? document.querySelector("#main [data-announce]");
  if (line && target.closest?.("#main")) announce(line.textContent.trim());
});

// The server cannot be reached: say so, and leave the page as it is
let hiding = 0;
function toast(words) {
  const line = document.getElementById("toast");
  line.textContent = words;
  line.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { line.hidden = true; }, 6000);
}
document.addEventListener("htmx:sendError", () => toast("The server does not answer. Check the connection and try again."));
