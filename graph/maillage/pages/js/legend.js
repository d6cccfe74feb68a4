// What the signs of the network mean: only those that the picture shows, for a legend of things
// that are not there misleads. An entry has a sign, {width, draw(pen, x, y)}, and what it says, as
// the props of an element; it is put under the picture, and painted under a picture that is exported.

const SIGN = 18; // height of a sign
const LEGEND_TYPE = { size: 12, gap: 6, between: 18, line: 22, edge: 12 };

function legendEntries(figure) {
  const parties = [...figure.byDegree].filter((i) => shown.parties[i]);
  const links = new Set();
  for (let line = 0; line < LINES; line += 1) if (shown.lines[line]) links.add(figure.linkOf[line]);
  const { side: sides, country } = D.parties;

  function body(pen, x, y, side, fill, radius) {
    pen.begin({ fill, stroke: "#1a1a1a", width: 1.5 });
    if (side) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else pen.circle(x, y, radius);
    pen.end();
  }
  const party = (side, fill, ink, words) => ({
    width: SIGN,
    draw(pen, x, y) {
      body(pen, x + 9, y + 9, side, fill, words ? 8 : 7);
      if (words) pen.text(x + 9, y + 9, words, { size: columns(words) > 2 ? 8 : 10, bold: true, fill: ink });
    },
  });
  const sizes = {
    width: 30,
    draw(pen, x, y) {
      body(pen, x + 5, y + 9, 0, "#ffffff", 4);
      body(pen, x + 20, y + 9, 0, "#ffffff", 8);
    },
  };
  const line = (look, mark) => ({
    width: 38,
    draw(pen, x, y) {
      pen.begin({ stroke: strokes[look], width: 2.5, dash: dashes[look] });
      pen.line(x + 1, y + 9, x + 37, y + 9);
      pen.end();
      if (!mark) return;
      pen.begin({ fill: strokes[look] });
      pen[mark](x + 19, y + 9, mark === "diamond" ? 6 : 5);
      pen.end();
    },
  });

  const elsewhere = new Set(parties.filter((i) => sides[i]).map((i) => country[i]));
  const called = (number) => (number < 0 ? t("network-elsewhere") : text(D.facets.country.text[number]));
  const names = [called(D.facets.country.key.indexOf(D.first)), called(elsewhere.size === 1 ? [...elsewhere][0] : -1)];
  const shapes = [0, 1]
    .filter((side) => parties.some((i) => sides[i] === side))
    .map((side) => ({
      sign: party(side, "#ffffff"),
      said: { text: t(side ? "network-square" : "network-circle", { country: names[side] }) },
    }));

  const tables = {
    level: [D.parties.tier, D.tiers],
    theme: [D.parties.top, D.tops],
    community: [D.parties.community, D.communities],
  };
  const [column, table] = tables[option("colour")];
  const looks = new Map(); // to the first side that has it
  for (const i of parties) looks.set(column[i], Math.min(sides[i], looks.get(column[i]) ?? 1));
  const colours = [...looks]
    .sort(([one], [other]) => one - other)
    .map(([look, side]) => ({
      sign: party(side, table.fill[look], table.ink[look], text(table.mark[look])),
      said: { ref: table.text[look] },
    }));

  const drawn = new Set([...links].map((link) => D.links.look[link]));
  const marks = new Set([...links].map((link) => D.links.mark[link]));
  return [
    ...shapes,
    ...(parties.length > 1 ? [{ sign: sizes, said: { t: "network-larger" } }] : []),
    ...colours,
    ...["firm", "tentative", "past"].flatMap((word, look) =>
      drawn.has(look) ? [{ sign: line(look), said: { t: `network-${word}` } }] : [],
    ),
    ...(marks.has(1) ? [{ sign: line(0, "circle"), said: { t: "network-inferred" } }] : []),
    ...(marks.has(2) ? [{ sign: line(0, "diamond"), said: { t: "network-disputed" } }] : []),
  ];
}

function networkLegend(figure) {
  const items = legendEntries(figure).map(({ sign, said }) => {
    const pen = svgPen();
    sign.draw(pen, 0, 0);
    return h("li", {}, pen.element(sign.width, SIGN), h("span", said));
  });
  return [h("h2", { class: "unseen", t: "network-legend" }), h("ul", {}, items)];
}

// The legend set out in lines of a width, to be painted under a picture: {height, paint(pen, top)}.
function legendStrip(figure, width) {
  const { size, gap, between, line, edge } = LEGEND_TYPE;
  let [x, y] = [edge, edge];
  const set = legendEntries(figure).map(({ sign, said }) => {
    const words = h("span", said).textContent;
    const room = sign.width + gap + size * emWidth(words, false);
    if (x > edge && x + room > width - edge) [x, y] = [edge, y + line];
    const place = { sign, words, x, y };
    x += room + between;
    return place;
  });
  const height = y + line + edge;
  return {
    height,
    paint(pen, top) {
      pen.begin({ fill: "#ffffff" });
      pen.rect(0, top, width, height);
      pen.end();
      for (const place of set) {
        place.sign.draw(pen, place.x, top + place.y);
        const start = place.x + place.sign.width + gap;
        pen.text(start, top + place.y + SIGN / 2, place.words, { size, fill: "#1a1a1a", align: "left" });
      }
    },
  };
}
