/* The drawing of time: links by the year they begin in, events in lanes, and a bar for each link
   from its start to its end. Every colour and font stands on the shapes themselves, so that the
   same drawing is a document of its own. */

const timeline = (() => {
  const LEFT = 40;
  const RIGHT = 18;
  const AXIS = 26;
  const HEAD = 26; // a heading over a part
  const LANE = 26;
  const ROW = 24;
  const BAR = 16;
  const FONT = 13;
  const LEAST_YEAR = 14; // pixels, so that a finger or a shaky hand meets it; a phone scrolls
  const FEWEST_YEARS = 10;
  const MOST_BARS = 300;
  const MOST_SERIES = 12;
  const MOST_LANES = 4; // of events without a series
  const MOST_NAMED = 60;
  const HEAPED = 12; // pixels from one small mark to the next
  const MOST_HEAPED = 16;
  const WIDEST = 260; // pixels of a name among the events
  const VAGUE = 366; // days: a start known to the year is as exact as most are
  const [INK, SOFT, RULE, PALE] = ["#1a1a1a", "#555555", "#c9ced6", "#e4e8ee"];

  const yearOf = (n) => 1970 + n / 365.2425;
  const written = (words, x, y, props = {}) => s("text", { x, y, "font-size": FONT, fill: INK, ...props, text: words });
  // Words over a line keep a white rim, so that both can be read.
  const RIMMED = { stroke: "#ffffff", "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" };

  /** Pixels of years: those of the filter, and what follows them where they are few. */
  function scale(width) {
    const { from: first, to: last } = yearAxis;
    const from = years ? Math.max(years[0], first) : first;
    const to = Math.min(Math.max(years ? years[1] : last, from + FEWEST_YEARS - 1), Math.max(last, from + 2));
    const count = to - from + 1;
    const step = Math.max(LEAST_YEAR, (width - LEFT - RIGHT) / count);
    const right = LEFT + step * count;
    const within = (x) => Math.min(right, Math.max(LEFT, x));
    return {
      from,
      to,
      step,
      right,
      width: right + RIGHT,
      cut: from > yearSpan[0] && !years,
      x: (year) => within(LEFT + (year - from) * step),
      at: (n) => within(LEFT + (yearOf(n) - from) * step),
      // Where the filter ends before the drawing does.
      end: years && years[1] < to ? within(LEFT + (years[1] + 1 - from) * step) : right,
    };
  }

  /** Years along the top; and lines down the whole drawing at each year that is named. */
  function axis(scaled, height) {
    const { from, to, step, x } = scaled;
    const every = [1, 2, 5, 10, 20, 50].find((years) => years * step >= 46) ?? 100;
    const named = [];
    for (let year = Math.ceil(from / every) * every; year <= to; year += every) named.push(year);
    const lines = s("path", { d: named.map((year) => `M${x(year)} ${AXIS}V${height}`).join(""), stroke: PALE, fill: "none" });
    const names = named.map((year) => written(String(year), x(year) + 3, 17, { fill: SOFT }));
    const beyond = scaled.right - scaled.end;
    const outside = beyond > 0 && s("rect", { x: scaled.end, y: AXIS, width: beyond, height: height - AXIS, fill: "#f3f5f8" });
    const band = s("rect", { width: scaled.width, height: AXIS, fill: "#ffffff" });
    return { ground: [outside, lines], names: s("g", { class: "axis" }, band, ...names) };
  }

  /** Columns of links by the first year that their start may mean; a vague start is outlined only. */
  function histogram(scaled, grouped, links, top, tall, prefix) {
    const { from, to, step, x } = scaled;
    const byYear = Array.from({ length: to - from + 1 }, () => []);
    for (const link of links) byYear[Math.min(to - from, Math.max(0, firstYear[link] - from))].push(link);
    const most = Math.max(1, ...byYear.map((found) => found.length));
    const rise = tall / most;
    const bottom = top + tall;
    const tick = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((n) => most / n <= 4) ?? 10000;
    const drawn = [];
    for (let n = tick; n <= most; n += tick) {
      drawn.push(s("path", { d: `M${LEFT} ${bottom - n * rise}H${scaled.right}`, stroke: PALE }));
      drawn.push(written(number(n), LEFT - 6, bottom - n * rise + 4, { "text-anchor": "end", fill: SOFT }));
    }
    drawn.push(s("path", { d: `M${LEFT} ${bottom}H${scaled.right}`, stroke: SOFT }));
    const items = [];
    byYear.forEach((found, at) => {
      if (!found.length) return;
      const year = from + at;
      const mine = grouped.list.map((_, group) => found.filter((link) => grouped.of(link) === group));
      const said = mine.flatMap(({ length }, group) => (length ? `${grouped.list[group].name}${t("colon")}${number(length)}` : []));
      const parts = [];
      let foot = bottom;
      const box = (n, paint) => {
        if (!n) return;
        foot -= n * rise;
        const size = { width: Math.max(1, step - 2), height: Math.max(0.5, n * rise - 1) };
        parts.push(s("rect", { x: x(year) + 1, y: foot + 0.5, ...size, ...paint }));
      };
      const vague = mine.map((links) => links.filter((link) => isVague(D.links.begin[link])).length);
      mine.forEach(({ length }, group) => box(length - vague[group], { fill: `url(#${prefix}-${group})` }));
      vague.forEach((n, group) => box(n, { fill: "#ffffff", stroke: grouped.list[group].fill, "stroke-dasharray": "3 2" }));
      const named = scaled.cut && at === 0 ? t("time-until", { n: year }) : String(year);
      const label = `${named}${t("colon")}${t("time-links", { n: number(found.length) })} (${said.join(t("comma"))})`;
      const hit = s("rect", { class: "hit", x: x(year), y: top, width: step, height: tall, fill: "#ffffff", "fill-opacity": 0 });
      const title = `${named} · ${t("time-links", { n: number(found.length) })}`;
      const span = [scaled.cut && at === 0 ? yearSpan[0] : year, year];
      items.push({ element: s("g", { class: "item" }, hit, ...parts), x: x(year) + step / 2, label, title, links: found, span });
    });
    return { drawn, items };
  }

  const isVague = (span) => span[0] === null || span[1] === null || span[1] - span[0] > VAGUE;

  /** A diamond for an edition of a series, a circle for any other event. */
  function eventItem(scaled, event, y, label, { isSmall, isBefore } = {}) {
    const begin = D.events.begin[event];
    const [lo, hi] = [begin[0] ?? begin[1], begin[1] ?? begin[0]];
    const x = (scaled.at(lo) + scaled.at(hi + 1)) / 2;
    const isEdition = D.events.series[event] > 0;
    const transform = `translate(${x} ${y}) scale(${isSmall ? 0.65 : 1})`;
    const paint = { fill: isVague(begin) ? "#ffffff" : INK, stroke: INK, "stroke-width": 1.5, transform };
    const mark = isEdition
      ? s("path", { d: "M0 -8l8 8l-8 8l-8 -8Z", ...paint })
      : s("circle", { r: 6.5, ...paint });
    const span = { d: `M${scaled.at(lo)} ${y}H${scaled.at(hi + 1)}`, stroke: INK, "stroke-dasharray": "3 3" };
    const reach = isVague(begin) && !isSmall && s("path", span);
    const hit = s("circle", { class: "hit", cx: x, cy: y, r: isSmall ? 6 : 13, fill: "#ffffff", "fill-opacity": 0 });
    const name = label && written(label, isBefore ? x - 12 : x + 12, y + 4.5, { ...RIMMED, "text-anchor": isBefore ? "end" : "start" });
    const said = [eventName(event), text(D.events.dates[event])].filter(Boolean).join(t("comma"));
    return { element: s("g", { class: "item" }, reach, hit, name, mark), x, label: said, thing: { type: "event", i: event } };
  }

  const eventAt = (scaled, event) => {
    const [lo, hi] = D.events.begin[event];
    return (scaled.at(lo ?? hi) + scaled.at((hi ?? lo) + 1)) / 2;
  };

  /** Lanes of events: each series of two editions or more has its own, others share a few. */
  function lanes(scaled, top) {
    const found = new Map();
    for (let event = 0; event < EVENTS; event += 1) {
      if (!shown.events[event] || !D.events.begin[event]) continue;
      const series = D.events.series[event];
      if (!found.has(series)) found.set(series, []);
      found.get(series).push(event);
    }
    const own = [...found].filter(([series, events]) => series && events.length > 1).sort((a, b) => b[1].length - a[1].length).slice(0, MOST_SERIES);
    const others = [...found].filter(([series]) => !own.some(([kept]) => kept === series)).flatMap(([, events]) => events);
    const drawn = [];
    const rows = [];
    let y = top;
    for (const [series, events] of own) {
      const places = events.map((event) => [eventAt(scaled, event), event]).sort((a, b) => a[0] - b[0]);
      const name = text(series);
      // The name of a series stands before its first edition, or where that is too early, above.
      const first = Math.min(places[0][0] - 8, scaled.at(D.events.begin[places[0][1]][0] ?? Infinity)) - 8;
      const before = first - textWidth(name, FONT) > LEFT;
      if (!before) y += 16;
      const middle = y + LANE / 2;
      drawn.push(before ? written(name, first, middle + 4.5, { "text-anchor": "end", fill: SOFT }) : written(name, LEFT, y - 1, { fill: SOFT }));
      drawn.push(s("path", { d: `M${places[0][0]} ${middle}H${places.at(-1)[0]}`, stroke: RULE }));
      rows.push(
        places.map(([x, event], at) => {
          const room = (places[at + 1]?.[0] ?? scaled.right + RIGHT + 8) - x - 24;
          const place = text(D.events.place[event]);
          return eventItem(scaled, event, middle, place && textWidth(place, FONT) <= room ? place : "");
        }),
      );
      y += LANE;
    }
    const ordered = others.map((event) => [eventAt(scaled, event), event]).sort((a, b) => a[0] - b[0]);
    const shared = others.length > MOST_NAMED ? heaped(scaled, ordered, y) : named(scaled, ordered, y);
    rows.push(...shared.rows);
    return { drawn, rows, bottom: shared.bottom };
  }

  /** Events go in turn to the lane with most room, and are named as far as the next one lets them,
      or before their mark where the whole name fits only there. */
  function named(scaled, places, top) {
    const found = Array.from({ length: Math.min(MOST_LANES, places.length) }, () => []);
    const end = (lane) => lane.at(-1)?.[0] ?? -Infinity;
    for (const place of places) found.reduce((best, lane) => (end(lane) < end(best) ? lane : best)).push(place);
    const rows = found.map((lane, at) => {
      let taken = LEFT; // what is drawn so far in the lane
      return lane.map(([x, event], place) => {
        const name = eventName(event);
        const after = shortened(name, Math.min((lane[place + 1]?.[0] ?? scaled.width + 8) - x - 24, WIDEST), FONT);
        const isBefore = after !== name && textWidth(name, FONT) < x - 24 - taken;
        taken = isBefore || !after ? x + 10 : x + 12 + textWidth(after, FONT);
        return eventItem(scaled, event, top + (at + 0.5) * LANE, isBefore ? name : after, { isBefore });
      });
    });
    return { rows, bottom: top + rows.length * LANE };
  }

  /** Too many to be named: small marks that heap up where there are many. */
  function heaped(scaled, places, top) {
    const found = [];
    for (const place of places) {
      let lane = found.findIndex((row) => row.at(-1)[0] + HEAPED <= place[0]);
      if (lane < 0) lane = Math.min(found.length, MOST_HEAPED - 1);
      (found[lane] ??= []).push(place);
    }
    const rows = found.map((lane, at) => lane.map(([, event]) => eventItem(scaled, event, top + (at + 0.5) * HEAPED, "", { isSmall: true })));
    return { rows, bottom: top + rows.length * HEAPED };
  }

  /** A link from its start to its end: dashed over what a vague date may mean, fading where no end is known. */
  function bar(scaled, grouped, link, y, prefix) {
    const [begin, finish] = [D.links.begin[link], D.links.finish[link]];
    const group = grouped.of(link);
    const { fill } = grouped.list[group];
    const vague = isVague(begin);
    const start = scaled.at(vague ? (begin[1] ?? begin[0]) : begin[0]);
    const ended = finish && (finish[0] ?? finish[1]) !== null ? finish : null;
    const lastDay = ended && (isVague(ended) ? (ended[0] ?? ended[1]) : ended[1] + 1);
    const end = Math.max(start + 4, ended ? scaled.at(lastDay) : scaled.right);
    const top = y + (ROW - BAR) / 2;
    const dash = [null, "5 3", "2 3"][D.links.look[link]];
    const uncertain = (from, to) =>
      to > from + 1 && s("rect", { x: from, y: top + 3, width: to - from, height: BAR - 6, fill: "#ffffff", stroke: fill, "stroke-dasharray": "3 3" });
    const body = ended
      ? s("rect", { x: start, y: top, width: end - start, height: BAR, fill, "fill-opacity": 0.22, stroke: fill, "stroke-dasharray": dash })
      : s("rect", { x: start, y: top, width: end - start, height: BAR, fill: `url(#${prefix}-fade-${group})` });
    const open = !ended && dash && s("path", { d: `M${start} ${top + BAR}H${end}`, stroke: fill, "stroke-dasharray": dash, "stroke-opacity": 0.7 });
    const stub = s("rect", { x: start, y: top, width: 4, height: BAR, fill });
    const kind = D.links.kind[link] >= 0 && text(D.facets.kind.text[D.links.kind[link]]);
    // Two parties often have several links: the kind tells them apart.
    const name = [linkName(link), kind].filter(Boolean).join(" · ");
    const first = vague ? scaled.at(begin[0] ?? begin[1]) : start;
    const inside = start + 10 + textWidth(name, FONT) <= scaled.width - 4;
    // Otherwise before it; where only its vague start leaves room, over that.
    const before = textWidth(name, FONT) <= first - LEFT - 8 ? first : start;
    const label = inside
      ? written(name, start + 9, y + 16.5)
      : written(shortened(name, before - LEFT - 8, FONT), before - 6, y + 16.5, { "text-anchor": "end", ...RIMMED });
    const hit = s("rect", { class: "hit", x: LEFT, y, width: scaled.right - LEFT, height: ROW, fill: "#ffffff", "fill-opacity": 0 });
    const parts = [vague && uncertain(first, start), ended && isVague(ended) && uncertain(end, scaled.at((ended[1] ?? ended[0]) + 1)), body, open, stub, label];
    const said = [linkName(link), kind, text(D.links.dates[link])].filter(Boolean).join(t("comma"));
    return { element: s("g", { class: "item" }, hit, ...parts), x: start, label: said, thing: { type: "link", i: link }, links: [link] };
  }

  /** Draws what is shown. Returns the SVG element, its items in rows for the keyboard, and its axis. */
  function draw(width, prefix) {
    const scaled = scale(width);
    const grouped = timeColours.groups();
    const links = [];
    for (let link = 0; link < LINKS; link += 1) if (shown.links[link] && dated[link]) links.push(link);
    const few = links.length <= MOST_BARS;
    const drawn = [];
    const rows = [];
    let y = AXIS + 8;
    const head = (words) => {
      drawn.push(written(words, LEFT, y + 15, { "font-weight": "bold" }));
      y += HEAD;
    };
    const columns = (tall) => {
      head(t("time-starts"));
      const { drawn: ground, items } = histogram(scaled, grouped, links, y, tall, prefix);
      drawn.push(...ground, ...items.map(({ element }) => element));
      rows.push(items);
      y += tall + 14;
    };
    if (links.length) columns(few ? 90 : 220);
    const events = lanes(scaled, y + HEAD);
    if (events.rows.length) {
      head(t("time-events"));
      drawn.push(...events.drawn, ...events.rows.flat().map(({ element }) => element));
      rows.push(...events.rows);
      y = events.bottom + 12;
    }
    if (few && links.length) {
      head(t("time-bars"));
      const compare = new Intl.Collator(tongue).compare;
      const sorted = links
        .map((link) => [D.links.begin[link][0] ?? D.links.begin[link][1], link])
        .sort((a, b) => a[0] - b[0] || compare(linkName(a[1]), linkName(b[1])));
      for (const [, link] of sorted) {
        const item = bar(scaled, grouped, link, y, prefix);
        drawn.push(item.element);
        rows.push([item]);
        y += ROW;
      }
    }
    const height = y + 12;
    const { ground, names } = axis(scaled, height);
    const svg = s(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", width: scaled.width, height, viewBox: `0 0 ${scaled.width} ${height}`, "font-family": faces() },
      timeColours.paints(grouped.list, prefix),
      ...ground,
      ...drawn,
      names,
    );
    return { svg, rows, axis: names, groups: grouped.list, dated: links.length, few, width: scaled.width, height };
  }

  return { draw, MOST_BARS };
})();
