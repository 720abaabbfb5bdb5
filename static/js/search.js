// Search boxes with suggestions: a combobox over the links that the server sends. Delegated, because pages come and go.

const boxOf = (element) => element.closest?.("input[role=combobox]");
const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
const optionsOf = (list) => [...list.querySelectorAll("[role=option]")];

function close(input) {
  listOf(input).hidden = true;
  input.setAttribute("aria-expanded", "false");
  select(input, null);
}

function open(input) {
  const list = listOf(input);
  const any = list.childElementCount > 0 && input.value.trim() !== "";
  list.hidden = !any;
  input.setAttribute("aria-expanded", String(any));
  select(input, null);
}

function select(input, option) {
  for (const other of optionsOf(listOf(input))) other.setAttribute("aria-selected", String(other === option));
  if (!option) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function move(input, step) {
  const options = optionsOf(listOf(input));
  if (!options.length) return;
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = now + step;
  select(input, options[now < 0 ? (step > 0 ? 0 : options.length - 1) : (next + options.length) % options.length]);
}

function onKey(event) {
  const input = boxOf(event.target);
  if (!input) return;
  const chosen = listOf(input).querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (listOf(input).hidden) open(input);
    move(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && chosen) {
    event.preventDefault();
    chosen.click();
  } else if (event.key === "Escape" && !listOf(input).hidden) {
    event.preventDefault();
    close(input);
  }
}

function focusSearch(event) {
  if (!(event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey))) return;
  const boxes = [...document.querySelectorAll(".search--home input, .search--top input")];
  const box = boxes.find((input) => input.checkVisibility({ visibilityProperty: true }));
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

document.addEventListener("keydown", (event) => { onKey(event); focusSearch(event); });
document.addEventListener("htmx:afterSwap", (event) => {
  const input = boxOf(event.detail.requestConfig?.elt ?? document.body);
  if (input && document.activeElement === input) open(input);
});
document.addEventListener("focusin", (event) => { const input = boxOf(event.target); if (input) open(input); });
document.addEventListener("focusout", (event) => {
  const input = boxOf(event.target);
  if (input && !input.form.contains(event.relatedTarget)) close(input);
});
document.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  const input = option.closest("form").querySelector("input[role=combobox]");
  close(input);
  input.value = "";
  input.blur();
});
document.addEventListener("submit", (event) => {
  const input = event.target.querySelector?.("input[role=combobox]");
  if (!input) return;
  close(input);
  input.blur();
});

if (/Mac|iP(hone|ad|od)/.test(navigator.platform)) {
  for (const key of document.querySelectorAll(".search__key")) key.textContent = "⌘ K";
}
