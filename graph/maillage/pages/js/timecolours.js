/* What the colours and textures of the timeline mean: the state of links, or their kind. */

const timeColours = (() => {
  const LOOKS = [["time-firm", "#1f6cab"], ["time-tentative", strokes[1]], ["time-past", strokes[2]]];
  const KINDS = ["#0072b2", "#c04a00", "#007a5a", "#a3427f", "#7a6200", "#3585b5", "#6b6b6b"];

  /** The groups of links that have a colour each, kinds by their number; and the group of a link. */
  function groups() {
    if (option("time-by") === "state") {
      const list = LOOKS.map(([name, fill], look) => ({ name: t(name), fill, hatched: look === 1, dotted: look === 2 }));
      return { of: (link) => D.links.look[link], list };
    }
    const used = D.facets.kind.key.map(() => 0);
    for (const kind of D.links.kind) if (kind >= 0) used[kind] += 1;
    const ranked = [...used.keys()].sort((a, b) => used[b] - used[a] || a - b);
    const own = ranked.slice(0, KINDS.length - 1);
    const list = own.map((kind, i) => ({ name: text(D.facets.kind.text[kind]), fill: KINDS[i], hatched: i % 2 === 1 }));
    const place = new Map(own.map((kind, i) => [kind, i]));
    if (ranked.length > own.length || D.links.kind.includes(-1)) {
      list.push({ name: t("time-other-kinds"), fill: KINDS.at(-1), dotted: true });
    }
    return { of: (link) => place.get(D.links.kind[link]) ?? own.length, list };
  }

  /** The paints that shapes refer to: a texture for each group, and what fades where an end is open. */
  function paints(list, prefix) {
    const textures = list.map(({ fill, hatched, dotted }, i) =>
      s(
        "pattern",
        { id: `${prefix}-${i}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
        s("rect", { width: 6, height: 6, fill }),
        hatched && s("path", { d: "M-1 5l2 2M-1 -1l8 8M5 -1l2 2", stroke: "#ffffff", "stroke-width": 1.6 }),
        dotted && s("circle", { cx: 3, cy: 3, r: 1.3, fill: "#ffffff" }),
      ),
    );
    const fades = list.map(({ fill }, i) =>
      s(
        "linearGradient",
        { id: `${prefix}-fade-${i}` },
        s("stop", { offset: 0, "stop-color": fill, "stop-opacity": 0.3 }),
        s("stop", { offset: 1, "stop-color": fill, "stop-opacity": 0.04 }),
      ),
    );
    return s("defs", {}, ...textures, ...fades);
  }

  const swatch = (i, prefix) => s("rect", { width: 16, height: 16, fill: `url(#${prefix}-${i})` });

  return { groups, paints, swatch };
})();
