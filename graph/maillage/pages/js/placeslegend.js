/* What the signs of the maps mean: only those that are drawn, for a legend of things that are not
   there misleads. It stands in the figure itself, so that a picture of the maps has it, too. */

const placesLegend = (() => {
  const LETTERS = 12;
  const ROW = 28; // pixels: least height of a row of entries
  const APART = 22;

  const pen = document.createElement("canvas").getContext("2d");
  function measured(words) {
    pen.font = `${LETTERS}px ${faces()}`;
    return pen.measureText(words).width;
  }

  /** A sign, perhaps with a number after it; `draw` places it around a middle. */
  const sign = (wide, draw, said = "", tall = ROW) => ({ wide, tall, draw, number: said });
  const dot = (r, n) => sign(2 * r, (x, y) => s("circle", { class: "body area", cx: x, cy: y, r }), number(n), 2 * r);
  const stroke = (look, width, words = "") =>
    sign(34, (x, y) => s("path", { class: `line look-${look}`, d: `M${x - 17},${y}h34`, "stroke-width": width, "stroke-opacity": look ? 0.85 : 0.6, "stroke-dasharray": dashes[look].join(" ") || null }), words);
  const samples = (most) => [...new Set([1, Math.round(most / 2), most])].filter((n) => n > 0);

  /** The looks of the parties that are drawn, by level, theme or community. */
  function looks(parties) {
    const by = option("colour");
    const [column, table] = { level: ["tier", D.tiers], theme: ["top", D.tops], community: ["community", D.communities] }[by];
    const drawn = [...new Set(parties.map(({ i }) => D.parties[column][i]))].sort((a, b) => a - b);
    return drawn.map((look) => {
      const sides = [0, 1].filter((side) => parties.some(({ i }) => D.parties[column][i] === look && D.parties.side[i] === side));
      const draw = (side) => (x, y) => {
        const words = text(table.mark[look]);
        const size = columns(words) > 2 ? 7 : 9;
        return [placesFigure.body(side, x, y, 9, table.fill[look]), placesFigure.inner(x, y, size, table.ink[look], words)];
      };
      return [text(table.text[look]), ...sides.map((side) => sign(18, draw(side)))];
    });
  }

  /** Entries of the legend: words, then the signs that stand before them. */
  function entries({ nodes, flows, radius, width, most, busiest }) {
    const parties = nodes.filter(({ type }) => type === "party");
    const summed = nodes.find(({ type }) => type !== "party")?.type;
    const has = (look) => flows.some((flow) => flow.look === look);
    const dots = samples(most).map((n) => dot(radius(n), n));
    const lines = samples(busiest).map((n) => stroke(0, width(n), number(n)));
    return [
      summed && [t(`places-circle-${summed}`), ...dots],
      flows.length && [t("places-width"), ...lines],
      has(1) && [t("places-tentative"), stroke(1, 2.5)],
      has(2) && [t("places-past"), stroke(2, 2.5)],
      ...looks(parties.filter(({ isAbout }) => !isAbout)),
      parties.some(({ isAbout }) => isAbout) && [
        t("places-hollow"),
        sign(16, (x, y) => placesFigure.body(0, x, y, 7, null)),
      ],
    ].filter(Boolean);
  }

  const wideOf = ([words, ...signs]) =>
    signs.reduce((sum, { wide, number: said }) => sum + wide + 6 + (said ? measured(said) + 8 : 0), measured(words));

  /** Entries in rows no wider than the figure, each row as high as its highest sign. */
  function rowsOf(scene, start) {
    const rows = [];
    let left = Infinity;
    for (const entry of entries(scene)) {
      const wide = wideOf(entry);
      if (left + wide > scene.frames.width) {
        rows.push({ entries: [], height: ROW });
        left = start;
      }
      const row = rows.at(-1);
      row.entries.push(entry);
      row.height = Math.max(row.height, ...entry.slice(1).map(({ tall }) => tall + 4));
      left += wide + APART;
    }
    return rows;
  }

  /** The legend, and where it ends. */
  function draw(scene) {
    const group = s("g", { class: "legend", "aria-hidden": "true" });
    // Side by side, the lower panel leaves room under it; else the legend stands under all panels.
    const { left: start, top: head, height: panel } = scene.frames.panels.at(-1);
    let top = head + panel + 10;
    for (const { entries: row, height } of rowsOf(scene, start)) {
      const middle = top + height / 2;
      let left = start;
      const say = (words) => {
        group.append(s("text", { class: "label", x: left, y: middle + LETTERS * 0.36, "font-size": LETTERS, text: words }));
        left += measured(words);
      };
      for (const [words, ...signs] of row) {
        for (const { wide, draw: place, number: said } of signs) {
          group.append(...[place(left + wide / 2, middle)].flat());
          left += wide + 6;
          if (!said) continue;
          say(said);
          left += 8;
        }
        say(words);
        left += APART;
      }
      top += height;
    }
    return { group, bottom: top };
  }
  return { draw };
})();
