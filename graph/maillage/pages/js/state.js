// What is chosen and what is shown: one state for all views, told to those who listen.
const views = {};
const FACETS = ["kind", "state", "certainty", "theme", "level", "country", "source"];

const declared = new Map();
const options = new Map();
/** Make an option of a view part of the state: its default, and which values it may take. */
function declare(name, { default: usual, values, check }) {
  declared.set(name, { usual, fits: check ?? ((value) => values.includes(value)) });
}
const option = (name) => (options.has(name) ? options.get(name) : declared.get(name).usual);
function setOption(name, value) {
  const text = String(value);
  if (!declared.get(name).fits(text) || text === option(name)) return;
  if (text === declared.get(name).usual) options.delete(name);
  else options.set(name, text);
  if (name === "undated") refilter();
  tell("options");
}
declare("colour", { default: "level", values: ["level", "theme", "community"] });
declare("depth", { default: "1", values: ["1", "2"] });
declare("undated", { default: "0", values: ["0", "1"] });

let view = D.view;
let years = null;
let selection = null;
let hovered = null;
/** Chosen values of each facet, by key; an empty set is every value. */
const chosen = Object.fromEntries(FACETS.map((facet) => [facet, new Set()]));

// Changes are told together, once for a gesture, before the next frame is painted.
let changes = new Set();
function tell(change) {
  if (!changes.size) queueMicrotask(told);
  changes.add(change);
}
function told() {
  const now = changes;
  changes = new Set();
  changed(now);
}

const same = (a, b) => a?.type === b?.type && a?.i === b?.i;
/** Choose a party, link, event, theme or area, or nothing: select(null). */
function select(type, i) {
  const next = type ? { type, i } : null;
  if (same(next, selection)) return;
  selection = next;
  tell("selection");
}
/** Point at a thing: its neighbourhood stands out in every view. */
function hover(type, i) {
  const next = type ? { type, i } : null;
  if (same(next, hovered)) return;
  hovered = next;
  tell("hover");
}

/** Choose values of a facet by their keys. */
function setFacet(facet, keys) {
  chosen[facet] = new Set(keys);
  refilter();
}
/** Only what has this value. */
const filterTo = (facet, key) => setFacet(facet, [key]);
/** A range of years in order and within those that there are; null when that is all of them. */
function boundYears(range) {
  if (!yearSpan) return null;
  const [from, to] = [...range].sort((a, b) => a - b).map((n) => Math.max(yearSpan[0], Math.min(yearSpan[1], n)));
  return from === yearSpan[0] && to === yearSpan[1] ? null : [from, to];
}
/** Only what may have begun in these years, both included; null for all. */
function setYears(range) {
  years = range && boundYears(range);
  refilter();
}
const isFiltered = () => years !== null || FACETS.some((facet) => chosen[facet].size);
/** Everything as the page opened, but for language and view. */
function resetAll() {
  for (const facet of FACETS) chosen[facet] = new Set();
  years = null;
  options.clear();
  selection = hovered = null;
  refilter();
  for (const change of ["options", "selection", "hover"]) tell(change);
}

const shown = {
  links: new Uint8Array(LINKS),
  lines: new Uint8Array(LINES),
  parties: new Uint8Array(PARTIES),
  events: new Uint8Array(EVENTS),
  count: { links: 0, lines: 0, parties: 0, events: 0 },
};
/** For each facet, how many links each value would leave under all other filters. */
const counts = {};

// The values of each link, facet by facet: from where in a long list to where. What is not documented
// counts as one more value, the last.
const valued = Object.fromEntries(
  FACETS.map((facet) => {
    const unknown = D.facets[facet].key.length;
    const of = {
      theme: (i) => D.links.themes[i],
      level: (i) => D.links.parties[i].map((p) => D.parties.level[p]),
      country: (i) => D.links.parties[i].map((p) => D.parties.country[p]),
      source: (i) => D.links.evidence[i].map((e) => D.evidence.source[e]),
    }[facet] ?? ((i) => [D.links[facet][i]]);
    const from = new Uint32Array(LINKS + 1);
    const values = [];
    for (let i = 0; i < LINKS; i++) {
      const found = new Set(of(i).map((value) => (value < 0 ? unknown : value)));
      if (!found.size) found.add(unknown);
      values.push(...found);
      from[i + 1] = values.length;
    }
    return [facet, { from, values: Uint32Array.from(values), size: unknown + 1 }];
  }),
);
const firstYear = new Int32Array(LINKS);
const lastYear = new Int32Array(LINKS);
const dated = new Uint8Array(LINKS);
for (let i = 0; i < LINKS; i++) {
  const span = D.links.begin[i];
  if (!span) continue;
  dated[i] = 1;
  const [lo, hi] = [span[0] ?? span[1], span[1] ?? span[0]];
  firstYear[i] = year(lo);
  lastYear[i] = year(hi);
}

const inYears = (lo, hi) => !years || (lo <= years[1] && hi >= years[0]);

function refilter() {
  const wanted = FACETS.map((facet) => {
    const keys = chosen[facet];
    if (!keys.size) return null;
    const flags = new Uint8Array(valued[facet].size);
    D.facets[facet].key.forEach((key, i) => keys.has(key) && (flags[i] = 1));
    if (keys.has("")) flags[flags.length - 1] = 1;
    return flags;
  });
  const tables = FACETS.map((facet) => valued[facet]);
  const totals = tables.map(({ size }) => new Uint32Array(size));
  const keepUndated = !years || option("undated") === "1";
  const count = { links: 0, lines: 0, parties: 0, events: 0 };
  for (let i = 0; i < LINKS; i++) {
    const inTime = dated[i] ? inYears(firstYear[i], lastYear[i]) : keepUndated;
    let failed = inTime ? 0 : 2;
    let where = -1;
    for (let f = 0; f < wanted.length && failed < 2; f++) {
      const flags = wanted[f];
      if (!flags) continue;
      const { from, values } = tables[f];
      let passes = false;
      for (let v = from[i]; v < from[i + 1] && !passes; v++) passes = flags[values[v]] === 1;
      if (!passes) {
        failed += 1;
        where = f;
      }
    }
    shown.links[i] = failed === 0 ? 1 : 0;
    count.links += shown.links[i];
    if (failed > 1) continue;
    for (let f = failed ? where : 0; f < (failed ? where + 1 : totals.length); f++) {
      const { from, values } = tables[f];
      for (let v = from[i]; v < from[i + 1]; v++) totals[f][values[v]] += 1;
    }
  }
  // A party that no link joins is there as long as nothing is filtered.
  if (isFiltered()) shown.parties.fill(0);
  else for (let i = 0; i < PARTIES; i++) shown.parties[i] = partyLinks[i].length ? 0 : 1;
  for (let line = 0; line < LINES; line++) {
    const passes = shown.links[D.lines.link[line]];
    shown.lines[line] = passes;
    if (!passes) continue;
    count.lines += 1;
    shown.parties[D.lines.a[line]] = shown.parties[D.lines.b[line]] = 1;
  }
  for (const party of shown.parties) count.parties += party;
  const [themes, sources] = ["theme", "source"].map((facet) => wanted[FACETS.indexOf(facet)]);
  for (let i = 0; i < EVENTS; i++) {
    const span = D.events.begin[i];
    const passes =
      (!years || (span && inYears(year(span[0] ?? span[1]), year(span[1] ?? span[0])))) &&
      (!themes || D.events.themes[i].some((theme) => themes[theme])) &&
      (!sources || D.events.evidence[i].some((e) => sources[D.evidence.source[e]]));
    shown.events[i] = passes ? 1 : 0;
    count.events += shown.events[i];
  }
  shown.count = count;
  FACETS.forEach((facet, f) => (counts[facet] = totals[f]));
  tell("filter");
}
