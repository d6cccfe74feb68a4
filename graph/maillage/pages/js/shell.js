// The page around the views: title, tabs, filters, search, panel; and who is told of what changed.
const TABS = ["network", "places", "matrix", "time", "table"].filter((name) => views[name]);
let visReady = null;

/** vis-network, unpacked when the first view that needs it opens. */
function loadVis() {
  visReady ??= window.maillage.run("vis");
  return visReady;
}

const TONGUE_NAMES = { fr: "Français", en: "English", zh: "中文" };
function speak(lang) {
  if (lang === tongue) return;
  tongue = lang;
  tell("language");
}

const title = h("h1", { ref: D.title });
const tongues = h(
  "div",
  { class: "tongues", role: "group", data: { label: "language" } },
  TONGUES.map((lang) => h("button", { type: "button", lang: TAGS[lang], data: { lang }, text: TONGUE_NAMES[lang], on: { click: () => speak(lang) } })),
);
const searching = h("div", { class: "search" });
const tabs = h(
  "div",
  { role: "tablist", class: "tabs", data: { label: "views" } },
  TABS.map((name) =>
    h("button", { type: "button", role: "tab", id: `tab-${name}`, data: { view: name }, "aria-controls": `view-${name}`, t: views[name].word, on: { click: () => openView(name) } }),
  ),
);
const filters = h("div", { id: "filters", class: "filters", role: "group", data: { label: "filters" } });
const resetting = h("button", { type: "button", data: { act: "reset" }, t: "reset", on: { click: () => resetAll() } });
const count = h("p", { id: "count", role: "status" });
const stage = h(
  "section",
  { class: "stage", data: { label: "map" } },
  TABS.map((name) => h("div", { role: "tabpanel", id: `view-${name}`, class: `view view-${name}`, "aria-labelledby": `tab-${name}`, hidden: true })),
);
const announced = h("p", { id: "announced", class: "unseen", role: "status" });
const panel = h("aside", { id: "panel", "aria-labelledby": "panel-head" });
const credits = h(
  "footer",
  {},
  D.facts.map(([name, value]) => h("span", { class: "fact" }, h("span", { ref: name }), " ", h("b", { ref: value }))),
  h("span", { t: "made-with" }),
);

function openView(name) {
  if (name === view) return;
  view = name;
  tell("view");
}
tabs.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -TABS.length, End: TABS.length }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = TABS.indexOf(view) + step;
  const next = Math.abs(step) > 1 ? Math.max(0, Math.min(TABS.length - 1, at)) : (at + TABS.length) % TABS.length;
  openView(TABS[next]);
  tabs.children[next].focus();
});

function showTabs() {
  for (const button of tabs.children) {
    const on = button.dataset.view === view;
    button.setAttribute("aria-selected", String(on));
    button.tabIndex = on ? 0 : -1;
  }
  for (const element of stage.children) element.hidden = element.id !== `view-${view}`;
}

function showCount() {
  const { links, parties, events } = shown.count;
  const tentative = D.links.look.reduce((n, look, i) => n + (look === 1 && shown.links[i] ? 1 : 0), 0);
  const key = isFiltered() ? "count-of" : "count-all";
  count.textContent = [
    t(key, { n: number(links), all: number(LINKS) }),
    t("count-parties", { n: number(parties) }),
    tentative ? t("count-tentative", { n: number(tentative) }) : "",
    events ? t("count-events", { n: number(events) }) : "",
  ].filter(Boolean).join(" · ");
  resetting.disabled = !isFiltered() && !options.size && !selection;
}

/** Say all words again in the language that is shown. */
function resay() {
  root.lang = TAGS[tongue];
  document.title = text(D.title);
  sayAll(document);
  for (const button of tongues.children) button.setAttribute("aria-pressed", String(button.dataset.lang === tongue));
}

const mounted = new Set();
const missed = new Map();
let updateFilters = () => {};
let updateExports = () => {};

/** Tell those who show what changed; a view that is not seen is told when it is. */
function changed(now) {
  if (now.has("language")) resay();
  if (now.has("view")) showTabs();
  if (now.has("filter") || now.has("language")) updateFilters(now);
  if (now.has("view") || now.has("language")) updateExports(now);
  for (const name of TABS) {
    if (name === view) continue;
    const kept = missed.get(name) ?? new Set();
    for (const change of now) kept.add(change);
    missed.set(name, kept);
  }
  const here = new Set([...now, ...(missed.get(view) ?? [])]);
  missed.delete(view);
  here.delete("view");
  if (!mounted.has(view)) {
    mounted.add(view);
    views[view].mount(document.getElementById(`view-${view}`));
    here.add("open");
  }
  if (here.size || now.has("view")) views[view].update(now.has("view") ? new Set([...here, "size", "open"]) : here);
  if (["selection", "language", "filter"].some((change) => now.has(change))) showPanel(now);
  if (["filter", "language", "options", "selection"].some((change) => now.has(change))) showCount();
  writeFragment();
}

if (!PARTIES) {
  // Nothing to draw: the words of the page without script say so.
  window.maillage.still();
} else {
  readFragment();
  const page = document.getElementById("page");
  page.append(
    h("a", { class: "skip", href: "#view-table", t: "skip", on: { click: (event) => (event.preventDefault(), openView("table"), document.getElementById("tab-table").focus()) } }),
    h("header", {}, h("div", { class: "head" }, title, searching, tongues), h("div", { class: "bar" }, tabs, filters, h("div", { class: "acts" }, resetting))),
    h("div", { class: "desk" }, h("main", {}, count, stage, announced), panel),
    credits,
  );
  updateExports = mountExports(page.querySelector(".acts"));
  mountSearch(searching);
  refilter();
  mountPanel(panel);
  updateFilters = mountFilters(filters);
  page.hidden = false;
  root.className = "live";
  resay();
  showTabs();
  new ResizeObserver(() => tell("size")).observe(stage);
  window.addEventListener("hashchange", () => {
    readFragment();
    refilter();
    for (const change of ["language", "view", "selection", "options", "open"]) tell(change);
  });
  for (const change of ["filter", "selection", "options"]) tell(change);
  // For tests and scripts: what is shown now.
  Object.assign(window.maillage, { shown: () => ({ ...shown.count }), fragment });
  await views[view].ready?.();
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      root.dataset.ready = "yes";
      performance.mark("maillage-ready");
    }),
  );
}
