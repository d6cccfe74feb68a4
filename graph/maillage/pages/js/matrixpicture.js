/* The matrix as an SVG document of its own, for a slide or a report. */

const matrixPicture = (() => {
  const CELL = 30;
  const WIDE = 46; // the column of totals
  const FONT = 13;
  const GAP = 24;
  const SLANT = -55; // degrees by which the names above lean
  const HAN = /^[\u2e80-\u9fff\uf900-\ufaff、，（）·]+$/;
  const wide = (words, size = FONT) => textWidth(words, size);
  const written = (words, x, y, props = {}) => s("text", { x, y, "font-size": FONT, fill: "#1a1a1a", ...props, text: words });

  /** A name above a column: slanted, or upright characters one under the other. */
  function above(name, x, y) {
    if (!HAN.test(name)) return written(name, x, y, { transform: `rotate(${SLANT} ${x} ${y})` });
    const characters = [...name];
    return s(
      "text",
      { "font-size": FONT, fill: "#1a1a1a", "text-anchor": "middle" },
      ...characters.map((character, at) => s("tspan", { x, y: y - (characters.length - 1 - at) * (FONT + 2), text: character })),
    );
  }
  const rise = (name) =>
    HAN.test(name) ? name.length * (FONT + 2) : wide(name) * Math.sin((-SLANT * Math.PI) / 180) + FONT;
  const lean = (name) => (HAN.test(name) ? 0 : wide(name) * Math.cos((SLANT * Math.PI) / 180));

  function square(x, y, width, links, classes) {
    const n = number(links.length);
    const look = shading.look(links);
    const { fill, ink } = shading.of(classes, links.length);
    const box = look
      ? { fill: "#ffffff", stroke: strokes[D.links.look[links[0]]], "stroke-width": 2, "stroke-dasharray": look === "past" ? "2 3" : "5 3" }
      : { fill };
    return [
      s("rect", { x: x + 1.5, y: y + 1.5, width: width - 3, height: CELL - 3, ...box }),
      written(n, x + width / 2, y + CELL / 2 + 4.5, { "text-anchor": "middle", fill: look ? "#1a1a1a" : ink }),
    ];
  }

  function key(classes, x, y) {
    const parts = [written(t("matrix-keys"), x, y + 19)];
    let left = x + wide(t("matrix-keys")) + 10;
    for (const shade of classes) {
      const said = shading.said(shade);
      const width = Math.max(CELL, wide(said) + 12);
      parts.push(
        s("rect", { x: left, y, width, height: CELL - 2, fill: shade.fill }),
        written(said, left + width / 2, y + 19, { "text-anchor": "middle", fill: shade.ink }),
      );
      left += width;
    }
    shading.outlined.forEach((look, at) => {
      const said = t(`matrix-key-${look}`);
      left += 14;
      const dash = look === "past" ? "2 3" : "5 3";
      parts.push(
        s("rect", { x: left, y: y + 5, width: 18, height: 18, fill: "#ffffff", stroke: strokes[at + 1], "stroke-width": 2, "stroke-dasharray": dash }),
        written(said, left + 25, y + 19),
      );
      left += 25 + wide(said);
    });
    return { parts, right: left };
  }

  return (model, heading) => {
    const { rows, columns, over, across, classes, whole, counted } = model;
    // On both sides, the shapes that stand before names are those of the network.
    const sided = over.side && option("matrix-sides") === "both";
    const rowNames = rows.map(({ i }) => (sided ? `${over.name(i)} ${over.side(i) ? "□" : "○"}` : over.name(i)));
    const columnNames = columns.map(({ i }) => across.name(i));
    const left = GAP + Math.max(wide(t("matrix-total")), ...rowNames.map((name) => wide(name))) + 12;
    const first = left + WIDE;
    const top = 78 + Math.max(20, ...columnNames.map(rise)) + 8;
    const place = (column) => first + column * CELL;
    const line = (row) => top + (row + 1) * CELL;
    const bottom = line(rows.length);
    const legend = key(classes, GAP, bottom + 16);
    const leaning = columnNames.map((name, at) => place(at) + CELL + lean(name));
    const title = text(D.title);
    const width = Math.ceil(Math.max(legend.right, wide(title, 20) + GAP, ...leaning, place(columns.length)) + GAP);
    const cut = rows.length < whole.rows.length || columns.length < whole.columns.length;
    const height = Math.ceil(bottom + 16 + CELL + GAP + (cut ? 22 : 0));

    const drawn = [
      s("rect", { width, height, fill: "#ffffff" }),
      s("text", { x: GAP, y: 34, "font-size": 20, "font-weight": "bold", fill: "#1a1a1a", text: title }),
      written(heading, GAP, 58, { fill: "#555555" }),
      written(t("matrix-total"), left - 8, top + 19.5, { "text-anchor": "end", "font-weight": "bold" }),
      written(number(counted.length), left + WIDE / 2, top + 19.5, { "text-anchor": "middle", "font-weight": "bold" }),
      ...legend.parts,
    ];
    columns.forEach(({ links }, at) => {
      drawn.push(above(columnNames[at], place(at) + CELL / 2, top - 8));
      drawn.push(written(number(links.length), place(at) + CELL / 2, top + 19.5, { "text-anchor": "middle", "font-weight": "bold" }));
    });
    rows.forEach((row, at) => {
      const y = line(at);
      drawn.push(s("path", { d: `M${GAP} ${y}H${place(columns.length)}`, stroke: "#c9ced6" }));
      drawn.push(written(rowNames[at], left - 8, y + 19.5, { "text-anchor": "end" }));
      drawn.push(written(number(row.links.length), left + WIDE / 2, y + 19.5, { "text-anchor": "middle", "font-weight": "bold" }));
      columns.forEach(({ i }, column) => {
        const links = row.cells.get(i);
        if (links) drawn.push(...square(place(column), y, CELL, links, classes));
      });
    });
    if (cut) {
      const values = { n: number(rows.length), of: number(whole.rows.length) };
      drawn.push(written(t("matrix-rows", values), GAP, height - GAP + 4, { fill: "#555555" }));
    }
    const svg = s(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, "font-family": faces() },
      s("title", { text: `${title} — ${heading}` }),
      ...drawn,
    );
    return new XMLSerializer().serializeToString(svg);
  };
})();
