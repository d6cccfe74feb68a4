/* What the matrix counts: the shown links by the area of one side and of the other, or by party and
   theme. A link of several parties or themes stands in several cells, and once in each total. */

const crossing = (() => {
  const NOWHERE = -1;
  const TOPS = D.tops.key.length;
  const OTHER = TOPS - 1; // themes that are none of the most used ones, nor under one
  const themeOfTop = D.tops.key.map((key) => (key ? D.facets.theme.key.indexOf(key) : -1));
  /** How an option names a top theme: "" is taken, by none. */
  const topKeys = D.tops.key.map((key) => key || "other");

  const isFirst = (party) => D.parties.side[party] === 0;
  const isOther = (party) => D.parties.side[party] !== 0;
  const anyone = () => true;
  /** What each link has, found once and kept: filters only choose among links. */
  function once(find) {
    const found = [];
    return (link) => (found[link] ??= find(link));
  }
  const areasOf = (wanted) =>
    once((link) => [...new Set(D.links.parties[link].filter(wanted).map((party) => D.parties.area[party]))]);
  const areas = { first: areasOf(isFirst), other: areasOf(isOther), all: areasOf(anyone) };
  const parties = { first: once((link) => D.links.parties[link].filter(isFirst)), all: once((link) => [...new Set(D.links.parties[link])]) };
  const columnsOf = new Map(); // by the top theme that is opened
  function themesOf(opened) {
    if (!columnsOf.has(opened)) {
      columnsOf.set(opened, once((link) => {
        const themes = D.links.themes[link];
        if (!themes.length) return [NOWHERE];
        const tops = themes.map((theme) => D.facets.theme.top[theme]);
        const parts = themes.filter((_, at) => opened === "all" || topKeys[tops[at]] === opened);
        return [...new Set([...tops, ...parts.map((theme) => TOPS + theme)])];
      }));
    }
    return columnsOf.get(opened);
  }
  // Where no link joins the two sides, every area stands both above and at the left.
  const mirrored = !D.links.parties.some((parties) => parties.some(isFirst) && parties.some(isOther));

  /** Community that has most of an area's links, of those that have a name; the rest only where
      there is none. It stays the same while one filters. */
  const areaGroups = (() => {
    const rest = D.communities.key.indexOf("other");
    const weights = D.areas.key.map(() => new Map([[rest, 0]]));
    for (let party = 0; party < PARTIES; party += 1) {
      const weight = weights[D.parties.area[party]];
      const group = D.parties.community[party];
      if (weight && group !== rest) weight.set(group, (weight.get(group) ?? 0) + partyLinks[party].length);
    }
    return weights.map((weight) => [...weight].reduce((best, next) => (next[1] > best[1] ? next : best))[0]);
  })();

  /** What stands at the left or above: its names, what it selects, and what it is sorted by. */
  const axes = {
    area: {
      kind: "area",
      size: D.areas.key.length,
      name: (i) => (i === NOWHERE ? t("matrix-nowhere") : areaName(i)),
      thing: (i) => (i === NOWHERE ? null : { type: "area", i }),
      group: (i) => (i === NOWHERE ? -1 : areaGroups[i]),
      isLast: (i) => Number(i === NOWHERE),
      isPart: () => false,
    },
    party: {
      kind: "party",
      size: PARTIES,
      name: (i) => (i === NOWHERE ? "" : partyName(i)),
      thing: (i) => ({ type: "party", i }),
      group: (i) => D.parties.community[i],
      side: (i) => D.parties.side[i],
      isLast: () => 0,
      isPart: () => false,
    },
    // Top themes by their own number, themes after them.
    theme: {
      kind: "theme",
      size: TOPS + D.facets.theme.key.length,
      name: (i) => {
        if (i === NOWHERE) return t("matrix-no-theme");
        if (i === OTHER) return t("matrix-other-themes");
        if (i < TOPS) return text(D.tops.text[i]);
        // A top theme is itself a theme of links whose documents say no more.
        return themeOfTop.includes(i - TOPS) ? t("matrix-itself", { n: themeName(i - TOPS) }) : themeName(i - TOPS);
      },
      thing: (i) => {
        const theme = i < TOPS ? (themeOfTop[i] ?? -1) : i - TOPS;
        return theme < 0 ? null : { type: "theme", i: theme };
      },
      group: () => -1,
      isLast: (i) => (i === NOWHERE ? 2 : Number(i === OTHER)),
      isPart: (i) => i >= TOPS,
    },
  };

  function enter(entries, i, link) {
    let entry = entries.get(i);
    if (!entry) entries.set(i, (entry = { i, links: [], cells: new Map() }));
    entry.links.push(link);
    return entry;
  }

  function count(rowsOf, columnsOf, meets) {
    const rows = new Map();
    const columns = new Map();
    const counted = [];
    for (let link = 0; link < LINKS; link += 1) {
      if (!shown.links[link]) continue;
      const over = rowsOf(link);
      const across = columnsOf(link);
      if (!over.length || !across.length) continue;
      counted.push(link);
      for (const column of across) enter(columns, column, link);
      for (const i of over) {
        const { cells } = enter(rows, i, link);
        for (const column of across) {
          if (!meets(i, column, over)) continue;
          const there = cells.get(column);
          if (there) there.push(link);
          else cells.set(column, [link]);
        }
      }
    }
    return { rows: [...rows.values()], columns: [...columns.values()], counted };
  }

  /** Places in the order of names, which is worked out once for each language. */
  const ranks = new Map();
  function rankOf(axis) {
    const key = `${tongue} ${axis.kind}`;
    if (!ranks.has(key)) {
      const { compare } = new Intl.Collator(tongue);
      const names = Array.from({ length: axis.size + 1 }, (_, at) => axis.name(at - 1));
      const order = [...names.keys()].sort((a, b) => compare(names[a], names[b]) || a - b);
      const places = new Uint32Array(names.length);
      order.forEach((at, place) => (places[at] = place));
      ranks.set(key, (i) => places[i + 1]);
    }
    return ranks.get(key);
  }

  function sorted(entries, axis, by) {
    const rank = rankOf(axis);
    const byName = (a, b) => rank(a.i) - rank(b.i);
    const byCount = (a, b) => b.links.length - a.links.length || byName(a, b);
    const byGroup = (a, b) => axis.group(a.i) - axis.group(b.i) || byCount(a, b);
    const order = { name: byName, count: byCount, community: byGroup }[by];
    return entries.sort((a, b) => axis.isLast(a.i) - axis.isLast(b.i) || order(a, b));
  }

  /** The themes of an opened top theme follow it. */
  function nested(columns) {
    const tops = columns.filter(({ i }) => i < TOPS);
    const parts = columns.filter(({ i }) => i >= TOPS);
    return tops.flatMap((top) => [top, ...parts.filter(({ i }) => D.facets.theme.top[i - TOPS] === top.i)]);
  }

  function byArea(sort) {
    const axis = axes.area;
    const { rows, columns, counted } = mirrored
      ? count(areas.all, areas.all, (a, b, all) => a !== b || all.length === 1)
      : count(areas.first, areas.other, anyone);
    return { over: axis, across: axis, rows: sorted(rows, axis, sort), columns: sorted(columns, axis, sort), counted };
  }

  function byTheme(sort, both, opened) {
    const { rows, columns, counted } = count(both || mirrored ? parties.all : parties.first, themesOf(opened), anyone);
    return {
      over: axes.party,
      across: axes.theme,
      rows: sorted(rows, axes.party, sort),
      columns: nested(sorted(columns, axes.theme, sort === "community" ? "count" : sort)),
      counted,
    };
  }

  /** Areas of the countries at hand that no shown link reaches, by side: a gap is said, not left out. */
  function unreached({ rows, columns }) {
    const seen = new Set([...rows, ...columns].map(({ i }) => i));
    const countries = new Set([...seen].filter((i) => i !== NOWHERE).map((i) => D.areas.country[i]));
    return D.areas.key.map((_, i) => i).filter((i) => countries.has(D.areas.country[i]) && !seen.has(i));
  }

  return { byArea, byTheme, unreached, topKeys };
})();
