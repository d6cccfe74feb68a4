// The whole state in the address after the #, so that a view can be sent and found again.
const KEYS = { party: () => D.parties.key, link: () => D.links.key, event: () => D.events.key, theme: () => D.facets.theme.key, area: () => D.areas.key };

/** What the address says of the present state. What is as the page opened is left out. */
function fragment() {
  const parts = new URLSearchParams();
  if (view !== D.view) parts.set("view", view);
  if (tongue !== D.lang) parts.set("lang", tongue);
  for (const facet of FACETS) {
    // A key may hold anything; commas part them.
    const keys = [...chosen[facet]].map((key) => encodeURIComponent(key)).sort();
    if (keys.length) parts.set(facet, keys.join(","));
  }
  if (years) parts.set("years", years.join("-"));
  for (const name of [...options.keys()].sort()) parts.set(name, options.get(name));
  if (selection) parts.set("sel", `${selection.type}:${KEYS[selection.type]()[selection.i]}`);
  return parts.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** Take the state from an address; what it does not know, it leaves alone. */
function readFragment() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const asked = parts.get("view") ?? D.view;
  view = Object.hasOwn(views, asked) ? asked : D.view;
  const lang = parts.get("lang") ?? D.lang;
  if (TONGUES.includes(lang)) tongue = lang;
  for (const facet of FACETS) {
    const keys = (parts.get(facet) ?? null) === null ? [] : parts.get(facet).split(",").map(decoded);
    chosen[facet] = new Set(keys.filter((key) => key === "" || D.facets[facet].key.includes(key)));
  }
  const range = /^(-?\d+)-(-?\d+)$/.exec(parts.get("years") ?? "");
  years = range ? boundYears([Number(range[1]), Number(range[2])]) : null;
  options.clear();
  for (const [name, { usual, fits }] of declared) {
    const value = parts.get(name);
    if (value !== null && value !== usual && fits(value)) options.set(name, value);
  }
  const [, type, key] = /^(\w+):(.*)$/s.exec(parts.get("sel") ?? "") ?? [];
  const i = Object.hasOwn(KEYS, type ?? "") ? KEYS[type]().indexOf(key) : -1;
  selection = i >= 0 ? { type, i } : null;
}

function decoded(key) {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Keep the address up to date without a step in the history of the browser. */
let waiting = 0;
function writeFragment() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const now = fragment();
    if (now !== location.hash.slice(1)) history.replaceState(null, "", now ? `#${now}` : location.pathname + location.search);
  }, 50);
}
