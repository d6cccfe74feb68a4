// The SPARQL page, made better: colours, suggestions, prefixes, history, a link to share.
import { offset, paint } from "./editor-paint.js";
import { declarations, missing } from "./editor-prefixes.js";
import { suggestions, things, writing } from "./editor-complete.js";
import { keep, shelf } from "./editor-shelf.js";

const LONGEST = 6000; // of a query in an address
const form = document.getElementById("editor");
const text = form.elements.query;
const sheet = form.querySelector(".sheet");
const copy = sheet.querySelector(".paint");
const box = document.getElementById("choices");
const { lang } = form.dataset;
let bad = null;
let data = { prefixes: {}, terms: [] };
let offered = [];
let current = -1;
let turn = 0;

function painted() {
  const marker = paint(copy, text.value, bad, text.selectionEnd);
  copy.scrollTop = text.scrollTop;
  copy.scrollLeft = text.scrollLeft;
  return marker;
}

/** Say something to who cannot see it. */
function tell(key, values) {
  const words = form.dataset[`say${key}`];
  form.querySelector("[data-says]").textContent = words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Put a text in the place of another, so that it can be undone where the browser allows. */
function put(start, end, written) {
  text.focus();
  text.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, written)) text.setRangeText(written, start, end, "end");
}

/** Declare the prefixes that are used; the caret stays at what it stood at. */
function declare() {
  const names = missing(text.value, data.prefixes);
  if (!names.length) return;
  const { at, text: lines } = declarations(text.value, names, data.prefixes);
  const moved = (place) => place + (place >= at ? lines.length : 0);
  const [start, end] = [moved(text.selectionStart), moved(text.selectionEnd)];
  const scroll = text.scrollTop;
  put(at, at, lines);
  text.setSelectionRange(start, end);
  text.scrollTop = scroll;
  tell("Prefix", { name: names.join(", ") });
}

function close() {
  offered = [];
  current = -1;
  turn += 1;
  box.hidden = true;
  box.replaceChildren();
  text.removeAttribute("aria-activedescendant");
}

/** Show what may be written at the caret. */
function offer(found) {
  offered = found;
  current = -1;
  text.removeAttribute("aria-activedescendant");
  box.replaceChildren(
    ...found.map(({ text: written, shown, kind, label }, i) => {
      const option = document.createElement("li");
      option.id = `choice-${i}`;
      option.role = "option";
      option.ariaSelected = "false";
      const code = document.createElement(shown ? "span" : "code");
      code.textContent = shown ?? written;
      const small = document.createElement("small");
      small.textContent = [label, { class: form.dataset.sayClass, property: form.dataset.sayProperty, keyword: form.dataset.sayKeyword, variable: form.dataset.sayVariable, prefix: form.dataset.sayPrefixWord }[kind]].filter(Boolean).join(" · ");
      option.append(code, small);
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(i);
      });
      return option;
    }),
  );
  box.hidden = !found.length;
  if (!found.length) return;
  const marker = painted();
  if (marker) {
    box.style.top = `${Math.min(marker.offsetTop - text.scrollTop + 24, text.offsetHeight)}px`;
    box.style.left = `${Math.max(0, Math.min(marker.offsetLeft - text.scrollLeft, text.offsetWidth - box.offsetWidth))}px`;
  }
  tell(found.length === 1 ? "FoundOne" : "Found", { n: found.length });
}

function choose(i) {
  box.children[current]?.setAttribute("aria-selected", "false");
  current = (i + offered.length) % offered.length;
  const option = box.children[current];
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", option.id);
}

function take(i) {
  const now = writing(text.value, text.selectionEnd);
  const { text: written, kind } = offered[i];
  const after = kind === "prefix" ? "" : " ";
  close();
  if (!now) return;
  put(now.start, now.end, text.value[now.end] === " " ? written : written + after);
  if (kind === "prefix") suggest(true);
  else close();
  declare();
}

async function suggest(isWanted) {
  const now = text.selectionStart === text.selectionEnd ? writing(text.value, text.selectionEnd) : null;
  const isLong = now && (now.kind === "term" || now.kind === "variable" || now.text.length > (/\p{Script=Han}/u.test(now.text) ? 0 : 1));
  if (!now || (!isWanted && !isLong)) return close();
  turn += 1;
  const mine = turn;
  const found = suggestions(text.value, now, data, lang);
  offer(found);
  if (now.kind !== "word") return;
  await new Promise((done) => setTimeout(done, 150));
  if (mine !== turn) return;
  const named = await things(form.dataset.things, now.text, lang);
  // who has begun to choose is not disturbed
  if (mine === turn && named.length && current < 0) offer([...found, ...named]);
}

text.addEventListener("input", (event) => {
  bad = null;
  text.removeAttribute("aria-invalid");
  painted();
  if (event.inputType === "insertText" && event.data === ":") declare();
  if (event.isTrusted && /^(insertText|insertCompositionText|deleteContent)/.test(event.inputType ?? "")) suggest(false);
});
text.addEventListener("scroll", () => {
  copy.scrollTop = text.scrollTop;
  copy.scrollLeft = text.scrollLeft;
});
text.addEventListener("blur", close);
text.addEventListener("click", close);
text.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[type=submit]"));
  } else if (event.ctrlKey && event.code === "Space") {
    event.preventDefault();
    suggest(true);
  } else if (offered.length) {
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") choose(current + 1);
    else if (event.key === "ArrowUp" && current >= 0) choose(current - 1);
    else if (event.key === "Enter" && current >= 0) take(current);
    else {
      if (/^(Arrow(Left|Right)|Home|End|Page)/.test(event.key)) close();
      return;
    }
    event.preventDefault();
  }
});

form.addEventListener("submit", () => {
  declare();
  close();
  keep(text.value);
  // what is too long for an address goes in the body
  form.method = encodeURIComponent(text.value).length > LONGEST ? "post" : "get";
});

const share = form.querySelector("[data-share]");
share.hidden = false;
share.addEventListener("click", async () => {
  declare();
  const to = new URL(form.action);
  to.search = new URLSearchParams({ query: text.value });
  form.querySelector("[data-shared]").hidden = false;
  const shown = document.getElementById("shared");
  shown.value = to.href;
  shown.focus();
  shown.select();
  try {
    await navigator.clipboard.writeText(to.href);
    tell("Copied", {});
  } catch {
    // it stands there selected, to be copied by hand
  }
});

shelf(form.querySelector("[data-shelf]"), (query) => {
  put(0, text.value.length, query);
  bad = null;
  painted();
});
form.querySelector("[data-keys]").hidden = false;

text.setAttribute("aria-autocomplete", "list");
text.setAttribute("aria-haspopup", "listbox");
text.setAttribute("aria-controls", "choices");
copy.hidden = false;
sheet.classList.add("painted");
if (form.dataset.line) {
  bad = offset(text.value, Number(form.dataset.line), Number(form.dataset.column));
  text.focus();
  text.setSelectionRange(bad, bad);
}
painted();

try {
  data = await (await fetch(form.dataset.terms)).json();
} catch {
  // without the list, keywords and variables are suggested all the same
}
form.dataset.ready = "yes";
