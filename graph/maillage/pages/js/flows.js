/* Who is joined to whom on the maps: the shown lines, added up between areas, parties or countries. */

/** Made when the view opens: it looks through all parties once. */
function joinedPlaces() {
  const PANELS = { fr: "fr", cn: "cn" };
  for (const { key } of D.land.insets) PANELS[key] = "fr";
  const countryKey = (country) => (country < 0 ? "" : D.facets.country.key[country]);
  const isElsewhere = (party) => D.parties.country[party] >= 0 && !(countryKey(D.parties.country[party]) in PANELS);

  /** The point of a column table of places: its panel, and pixels in it; null where it has none. */
  function pointAt(places, i) {
    const panel = PANELS[places.panel[i]];
    return panel ? { panel, x: places.x[i], y: places.y[i] } : null;
  }

  function mean(points) {
    const found = points.filter(Boolean);
    if (!found.length) return null;
    // An area that lies in several panels is drawn in that of its first place.
    const within = found.filter(({ panel }) => panel === found[0].panel);
    const middle = (axis) => within.reduce((sum, point) => sum + point[axis], 0) / within.length;
    return { panel: found[0].panel, x: middle("x"), y: middle("y") };
  }

  const members = D.areas.key.map(() => []);
  D.parties.area.forEach((area, party) => area >= 0 && members[area].push(party));
  const areaPoints = D.areas.key.map(
    (key, area) => pointAt(D.areaplaces, area) ?? mean(members[area].map((party) => pointAt(D.places, party))),
  );

  /** Where a country's circle stands: in the middle of its areas on its own panel, else of its parties. */
  const countryPoints = D.facets.country.key.map((key, country) => {
    const { wx, wy } = D.areaplaces;
    const home = D.areas.key.map((_, area) => area).filter((area) => D.areaplaces.panel[area] === key);
    const middle = mean(home.map((area) => ({ panel: "world", x: wx[area], y: wy[area] })));
    const [x, y] = [D.facets.country.wx[country], D.facets.country.wy[country]];
    return middle ?? (x === null ? null : { panel: "world", x, y });
  });

  /** The node of a party on the panels: its area, or itself where that is opened. */
  function onPanels(opened) {
    return (party) => {
      const area = D.parties.area[party];
      const middle = area < 0 ? null : areaPoints[area];
      if (middle && !opened.has(D.areas.key[area])) return { type: "area", i: area, ...middle };
      const own = pointAt(D.places, party);
      if (own) return { type: "party", i: party, ...own };
      return middle && { type: "party", i: party, ...middle, isAbout: true };
    };
  }

  function onWorld(party) {
    const country = D.parties.country[party];
    const point = country < 0 ? null : countryPoints[country];
    return point && { type: "country", i: country, ...point };
  }

  /**
   * Adds up the shown lines. Nodes and flows hold the links that they stand for, most first; `inside`
   * are links that join a node to itself, `beyond` those that leave the panels, `missing` the others
   * that cannot be drawn.
   */
  function added(placed) {
    const nodes = new Map();
    const pairs = new Map();
    const known = new Array(PARTIES);
    const drawn = new Uint8Array(LINKS);
    const inside = new Set();

    function nodeOf(party) {
      if (known[party] !== undefined) return known[party];
      const found = placed(party);
      if (!found) return (known[party] = null);
      const key = `${found.type}:${found.i}`;
      if (!nodes.has(key)) nodes.set(key, { key, links: new Set(), ...found });
      return (known[party] = nodes.get(key));
    }

    for (let line = 0; line < LINES; line += 1) {
      if (!shown.lines[line]) continue;
      const link = D.lines.link[line];
      const [a, b] = [nodeOf(D.lines.a[line]), nodeOf(D.lines.b[line])];
      if (!a || !b) continue;
      drawn[link] = 1;
      a.links.add(link);
      b.links.add(link);
      if (a === b) {
        inside.add(link);
        continue;
      }
      const isInOrder = a.panel === b.panel ? a.key < b.key : a.panel === "fr";
      const [from, to] = isInOrder ? [a, b] : [b, a];
      const key = `${from.key}|${to.key}`;
      if (!pairs.has(key)) pairs.set(key, { key, a: from, b: to, links: new Set() });
      pairs.get(key).links.add(link);
    }

    const beyond = [];
    const missing = [];
    for (let link = 0; link < LINKS; link += 1) {
      if (!shown.links[link] || drawn[link]) continue;
      (D.links.parties[link].some(isElsewhere) ? beyond : missing).push(link);
    }
    const most = (one, other) => other.links.size - one.links.size || (one.key < other.key ? -1 : 1);
    const drawnNodes = [...nodes.values()].filter(({ links }) => links.size).sort(most);
    const drawnFlows = [...pairs.values()].sort(most);
    // What is agreed outweighs what is proposed, which outweighs what has ended.
    for (const flow of drawnFlows) {
      flow.look = 2;
      for (const link of flow.links) flow.look = Math.min(flow.look, D.links.look[link]);
    }
    return { nodes: drawnNodes, flows: drawnFlows, inside: [...inside], beyond, missing };
  }

  return {
    /** The panels of the countries that take part, and whether others take part that have a point. */
    panels: ["fr", "cn"].filter((key) => D.parties.country.some((country) => countryKey(country) === key)),
    hasElsewhere: D.parties.country.some((country, party) => isElsewhere(party) && countryPoints[country]),
    onPanels: (opened) => added(onPanels(opened)),
    onWorld: () => added(onWorld),
  };
}
