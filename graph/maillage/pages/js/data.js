// The data of the page: columns as maillage.payload gathers them, and what follows from them at once.
const D = JSON.parse(await window.maillage.unpacked("data"));
const pyvis = { options: D.vis.options };
{
  // Places, sizes and ends of lines are those of pyvis's nodes and edges; they are not said twice.
  const { nodes, edges } = D.vis;
  Object.assign(D.parties, { x: nodes.x, y: nodes.y, size: nodes.size });
  D.parties.side = nodes.shape.map((shape) => (shape === "dot" ? 0 : 1));
  const bend = edges.from.map((_, i) => D.lines.bend[i] ?? 0);
  Object.assign(D.lines, { a: edges.from, b: edges.to, bend, link: D.lines.each.flatMap((n, i) => Array(n).fill(i)) });
  pyvis.node = (i) => ({
    id: i,
    ...Object.fromEntries(Object.entries(nodes).map(([name, column]) => [name, column[i]])),
  });
}
// What follows from the rest was left out by maillage.packing: numbers in texts of one form, addresses
// and codes that keys tell, keys and parties of links, ends of spans, and which addresses may be followed.
{
  const { forms, numbers, texts } = D.texts;
  let next = 0;
  D.texts = texts.map((text) => {
    if (typeof text === "string") return text;
    if (typeof text !== "number") return text.map((said) => (said === 1 ? text[0] : said));
    const given = numbers[next++].split(" ");
    return forms[text].map((form) => {
      let at = 0;
      return form.replace(/#/g, () => given[at++]);
    });
  });
  const { parties, links, lines, events } = D;
  parties.tx ??= parties.y;
  parties.ty ??= parties.x;
  parties.code = parties.code.map((code, i) => (code === 1 ? /[^-]*$/.exec(parties.key[i])[0] : code));
  links.parties = links.themes.map(() => []);
  lines.link.forEach((link, i) => links.parties[link].push(lines.a[i], lines.b[i]));
  links.parties = links.parties.map((ends) => (ends.length === 2 ? ends : [...new Set(ends)].sort((a, b) => a - b)));
  const kinds = D.facets.kind.key;
  links.key = links.parties.map((ends, i) => {
    if (links.key[i] !== undefined) return links.key[i];
    const keys = ends.map((party) => parties.key[party].slice(parties.key[party].indexOf("/") + 1));
    return `link/${[kinds[links.kind[i]] ?? "", ...keys.sort()].join("--")}`;
  });
  for (const name of ["begin", "finish"]) {
    const [first, more, open] = links[name];
    links[name] = first.map((day, i) => open[i] ?? (day === null ? null : [day, more[i] < 0 ? null : day + more[i]]));
  }
  const { source } = D.facets;
  for (const [table, start] of [[parties, ""], [links, ""], [events, ""], [source, "source/"]]) {
    table.iri = table.key.map((key, i) => table.iri[i] ?? `${D.base}id/${start}${key}`);
  }
  const closed = new Set(source.closed);
  source.href = source.address.map((address, i) => (closed.has(i) ? "" : address));
}
const LINKS = D.links.iri.length;
const PARTIES = D.parties.iri.length;
const LINES = D.lines.link.length;
const EVENTS = D.events.iri.length;

const partyName = (i) => text(D.parties.name[i]);
const linkName = (i) => D.links.parties[i].map(partyName).join(" — ");
const eventName = (i) => text(D.events.name[i]);
const themeName = (i) => text(D.facets.theme.text[i]);
const areaName = (i) => text(D.areas.text[i]);

/** For each thing of one kind, the numbers of those that name it. */
function inverted(count, column) {
  const found = Array.from({ length: count }, () => []);
  column.forEach((named, i) => {
    for (const one of new Set(named)) found[one].push(i);
  });
  return found;
}
const partyLinks = inverted(PARTIES, D.links.parties);
const themeLinks = inverted(D.facets.theme.key.length, D.links.themes);
const partyEvents = inverted(PARTIES, D.events.parties);

// Lines by the standing of their link: firm, tentative, past; and marks for inferred and disputed ones.
const { stroke: strokes, dash: dashes } = D.looks;
strokes.forEach((stroke, look) => root.style.setProperty(`--look-${look}`, stroke));

/** How a party is filled and marked: by its level, its main theme or its community. */
function lookOf(i, by = option("colour")) {
  const [table, column] =
    by === "theme" ? [D.tops, "top"] : by === "community" ? [D.communities, "community"] : [D.tiers, "tier"];
  const at = D.parties[column][i];
  return { fill: table.fill[at], ink: table.ink[at], mark: table.mark[at] };
}

/** The first and the last year that anything here may mean, or null. */
const yearSpan = (() => {
  let [first, last] = [Infinity, -Infinity];
  for (const column of [D.links.begin, D.links.finish, D.events.begin]) {
    for (const span of column) {
      for (const n of span ?? []) {
        if (n === null) continue;
        first = Math.min(first, year(n));
        last = Math.max(last, year(n));
      }
    }
  }
  return first <= last ? [first, last] : null;
})();
