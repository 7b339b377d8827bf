// The command palette: a combobox over the pages of the desk and what the server finds.
// The server answers with an HTML fragment of <a class="palette-item"> (and .palette-group heads).

const palette = document.querySelector("#palette");
const input = palette.querySelector("input");
const list = palette.querySelector("[role='listbox']");
const none = palette.querySelector(".palette-none");
const status = palette.querySelector("[role='status']");
const pages = palette.querySelector("[data-pages]");
const PAUSE = 140; // Milliseconds without a key before the server is asked.
let asked; // AbortController of the question on its way.
let timer;

const options = () => [...list.querySelectorAll("[role='option']")];
const chosen = () => list.querySelector("[aria-selected='true']");

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

// A fragment becomes options of the listbox; its heads are only to be seen.
function show(fragment, emptyWords) {
  list.replaceChildren(fragment);
  list.querySelectorAll(".palette-item").forEach((item, index) => {
    item.id = `palette-option-${index}`;
    item.setAttribute("role", "option");
    item.tabIndex = -1;
  });
  list.querySelectorAll(":scope > :not(.palette-item)").forEach((head) => head.setAttribute("role", "presentation"));
  const found = options();
  list.hidden = found.length === 0;
  none.hidden = found.length > 0;
  none.textContent = found.length ? "" : emptyWords;
  status.textContent = found.length ? palette.dataset.count.replace("{n}", found.length) : emptyWords;
  choose(found[0]);
}

// Pages whose name holds the words typed so far; all of them when nothing is typed.
function pagesFor(words) {
  const fragment = pages.content.cloneNode(true);
  if (!words) return fragment;
  for (const item of fragment.querySelectorAll(".palette-item")) {
    if (!item.textContent.toLowerCase().includes(words.toLowerCase())) item.remove();
  }
  if (!fragment.querySelector(".palette-item")) fragment.replaceChildren();
  return fragment;
}

async function find(words) {
  asked?.abort();
  if (!words) {
    show(pagesFor(""), "");
    return;
  }
  asked = new AbortController();
  const url = new URL(palette.dataset.url, location.href);
  url.searchParams.set("q", words);
  try {
    const answer = await fetch(url, { signal: asked.signal, headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = document.createElement("template");
    found.innerHTML = await answer.text();
    found.content.append(pagesFor(words));
    show(found.content, palette.dataset.none);
  } catch (error) {
    if (error.name !== "AbortError") show(pagesFor(words), palette.dataset.failed);
  }
}

function move(by) {
  const all = options();
  const place = all.indexOf(chosen());
  choose(all[(place + by + all.length) % all.length]);
}

function keyed(event) {
  if (event.isComposing) return; // An input method is still choosing characters.
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (options().length) move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    chosen()?.click();
  }
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => find(input.value.trim()), PAUSE);
});
input.addEventListener("keydown", keyed);
list.addEventListener("pointermove", (event) => {
  const option = event.target.closest("[role='option']");
  if (option && option !== chosen()) choose(option);
});
palette.addEventListener("workshop:opened", () => {
  input.value = "";
  find("");
  input.focus();
});
