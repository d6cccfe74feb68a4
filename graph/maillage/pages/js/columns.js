/** Rows of a sheet of the table, all columns of them, as a CSV file has them. */
function sheetRows(sheet, rows) {
  const columns = [...sheet.columns, ...sheet.further];
  return {
    heads: columns.map(({ word }) => t(word)),
    rows: rows.map((i) => columns.map((column) => column.text(i))),
  };
}

/* What the table tells of links, parties and events: each column with its place in the order, what
   it shows and what it writes into a CSV file. A rank that is not a number is not known: it comes
   last, whichever way the table is sorted. */
function tableSheets() {
  const { links, parties, events, facets, evidence } = D;

  /** The places of texts in the order of the page's language; equal texts share one. */
  const held = new Map();
  function ranks(refs) {
    if (held.get(refs)?.tongue === tongue) return held.get(refs).places;
    const names = refs.map(text);
    const { compare } = new Intl.Collator(TAGS[tongue]);
    const order = names.map((_, i) => i).sort((a, b) => compare(names[a], names[b]));
    const places = new Int32Array(refs.length);
    order.forEach((i, place) => {
      const before = order[place - 1];
      places[i] = place && compare(names[i], names[before]) === 0 ? places[before] : place;
    });
    held.set(refs, { tongue, places });
    return places;
  }

  const said = (ref) => h("bdi", { ref });
  // A word of the page's language that runs from left to right needs no element of its own: 200 rows
  // have thousands of them.
  const TURNING = /[\p{Bidi_Control}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
  const isOwn = (ref) => typeof D.texts[ref] === "string" || D.texts[ref][TONGUES.indexOf(tongue)] !== null;
  const worded = (ref) => (isOwn(ref) && !TURNING.test(text(ref)) ? text(ref) : said(ref));
  const saidAll = (refs, tell = said, between = t("panel-and")) =>
    refs.flatMap((ref, n) => (n ? [between, tell(ref)] : [tell(ref)]));
  const written = (refs) => refs.filter(Boolean).map(text).join("; ");
  const documents = (proofs) => [...new Set(proofs.map((proof) => evidence.source[proof]))];

  // Kinds of column: one text, one concept, several things, a date, a number, sources.
  const opening = (type, word, refs, sign) => ({
    key: type,
    word,
    rank: (i) => ranks(refs)[i],
    cells: (i) => [
      sign?.(i),
      h("button", { type: "button", class: "open", on: { click: () => select(type, i) } }, titleOf(type, i)),
    ],
    text: (i) => text(refs[i]),
  });
  const one = (key, word, refs) => ({
    key,
    word,
    rank: (i) => (refs[i] ? ranks(refs)[i] : NaN),
    cells: (i) => refs[i] !== 0 && said(refs[i]),
    text: (i) => text(refs[i]),
  });
  const concept = (key, facet, column, sign) => ({
    key,
    word: key,
    rank: (i) => (column[i] < 0 ? NaN : ranks(facets[facet].text)[column[i]]),
    cells: (i) => [sign?.(i), column[i] >= 0 && worded(facets[facet].text[column[i]])],
    text: (i) => (column[i] < 0 ? "" : text(facets[facet].text[column[i]])),
  });
  const several = (key, word, refs, lists, tell) => ({
    key,
    word,
    rank: (i) => (lists[i].length ? Math.min(...lists[i].map((each) => ranks(refs)[each])) : NaN),
    cells: (i) => saidAll(lists[i].map((each) => refs[each]), tell),
    text: (i) => written(lists[i].map((each) => refs[each])),
  });
  const texts = (key, word, lists) => ({
    ...one(key, word, lists.map((refs) => refs[0] ?? 0)),
    cells: (i) => saidAll(lists[i].filter(Boolean)),
    text: (i) => written(lists[i]),
  });
  const dates = (columns) => ({
    ...one("start", "dates", columns.dates),
    rank: (i) => columns.begin[i]?.[0] ?? columns.begin[i]?.[1] ?? NaN,
    cells(i) {
      if (!columns.dates[i]) return null;
      // A date is not broken at its hyphens.
      const parts = text(columns.dates[i]).split(/(\d[\d-]+)/);
      return h("bdi", {}, parts.map((part, n) => (n % 2 ? h("span", { class: "together" }, part) : part)));
    },
  });
  const sources = (lists) => ({
    key: "sources",
    word: "sources",
    rank: (i) => documents(lists[i]).length,
    cells(i) {
      const found = documents(lists[i]);
      if (!found.length) return t("no-source");
      const first = said(facets.source.text[found[0]]);
      return h("span", { class: "brief" }, h("b", { text: number(found.length) }), " · ", first);
    },
    text: (i) => written(documents(lists[i]).map((each) => facets.source.text[each])),
  });

  // Columns that only a CSV file has; the addresses come last.
  const bound = (word, column, end) => ({
    word,
    text: (i) => (typeof column[i]?.[end] === "number" ? day(column[i][end]) : ""),
  });
  const period = (columns) => [
    bound("table-begin-first", columns.begin, 0),
    bound("table-begin-last", columns.begin, 1),
    bound("table-finish-first", columns.finish, 0),
    bound("table-finish-last", columns.finish, 1),
  ];
  const identifier = (columns) => ({ word: "identifier", text: (i) => columns.iri[i] });
  const passages = (lists) => ({
    word: "table-where",
    text: (i) => written(lists[i].map((proof) => evidence.where[proof])),
  });
  const addresses = (lists) => ({
    word: "addresses",
    text: (i) => documents(lists[i]).map((each) => facets.source.address[each]).filter(Boolean).join(" "),
  });

  // Words are looked for in the names of every language, so that 成都 is found on a French page.
  const folds = new Map();
  function folded(refs) {
    if (!folds.has(refs)) folds.set(refs, refs.map((ref) => fold([D.texts[ref]].flat().filter(Boolean).join(" | "))));
    return folds.get(refs);
  }
  const partyNames = () => nameIndex().names.slice(0, PARTIES);
  /** Tells whether a row holds every word; a field is names to look in, and which of them a row has. */
  function holding(words, fields) {
    const bearing = (word, names) => Uint8Array.from(names, (name) => name.includes(word));
    const found = words.map((word) => fields.map(([names, of]) => [bearing(word, names), of]));
    return (i) => found.every((places) => places.some(([bears, of]) => of(i).some((each) => bears[each])));
  }

  const countriesOf = (members) => [...new Set(members.map((i) => parties.country[i]))].filter((i) => i >= 0);
  const countries = links.parties.map(countriesOf);
  const linkCount = (i) => partyLinks[i].reduce((sum, link) => sum + shown.links[link], 0);
  const codes = new Map([...new Set(parties.code)].filter(Boolean).sort().map((code, place) => [code, place]));
  const further = (i) => parties.other[i].filter((name) => name !== parties.code[i]);

  return {
    links: {
      type: "link",
      word: "panel-links",
      count: LINKS,
      columns: [
        {
          ...opening("link", "link", parties.name),
          // Exact while there are fewer than 90 million parties.
          rank: (i) => ranks(parties.name)[links.parties[i][0]] * PARTIES + ranks(parties.name)[links.parties[i].at(-1)],
          text: linkName,
        },
        concept("kind", "kind", links.kind),
        concept("state", "state", links.state, linkSample),
        concept("certainty", "certainty", links.certainty),
        several("themes", "themes", facets.theme.text, links.themes, worded),
        dates(links),
        {
          ...several("countries", "table-countries", facets.country.text, countries),
          cells: (i) => saidAll(countries[i].map((each) => facets.country.text[each]), worded, " – "),
        },
        sources(links.evidence),
      ],
      further: [
        ...period(links),
        { word: "panel-purpose", text: (i) => text(links.purpose[i]) },
        passages(links.evidence),
        identifier(links),
        addresses(links.evidence),
      ],
      holding: (words) =>
        holding(words, [
          [partyNames(), (i) => links.parties[i]],
          [folded(facets.kind.text), (i) => [links.kind[i]]],
          [folded(facets.state.text), (i) => [links.state[i]]],
          [folded(facets.theme.text), (i) => links.themes[i]],
          [folded(facets.source.text), (i) => documents(links.evidence[i])],
        ]),
    },
    parties: {
      type: "party",
      word: "parties",
      count: PARTIES,
      columns: [
        opening("party", "party", parties.name, partyMark),
        {
          key: "other",
          word: "panel-other-names",
          rank: (i) => further(i).length || NaN,
          cells: (i) => further(i).flatMap((name, n) => [n > 0 && t("panel-and"), h("bdi", { text: name })]),
          text: (i) => further(i).join("; "),
        },
        concept("country", "country", parties.country),
        one("level", "level", parties.tier.map((i) => D.tiers.text[i])),
        {
          key: "code",
          word: "panel-code",
          rank: (i) => codes.get(parties.code[i]) ?? NaN,
          cells: (i) => parties.code[i] && h("bdi", { text: parties.code[i] }),
          text: (i) => parties.code[i],
        },
        texts("part", "panel-part-of", parties.parents),
        texts("existence", "panel-existence", parties.existence),
        {
          key: "count",
          word: "panel-links",
          isLive: true, // filters change it
          rank: linkCount,
          cells: (i) => number(linkCount(i)),
          text: linkCount,
        },
      ],
      further: [identifier(parties)],
      holding: (words) =>
        holding(words, [
          [partyNames(), (i) => [i]],
          [folded(facets.country.text), (i) => [parties.country[i]]],
          [folded(D.tiers.text), (i) => [parties.tier[i]]],
          [folded(D.areas.text), (i) => [parties.area[i]]],
        ]),
    },
    events: {
      type: "event",
      word: "table-events",
      count: EVENTS,
      columns: [
        opening("event", "table-event", events.name),
        one("kind", "kind", events.kind),
        dates(events),
        one("place", "panel-place", events.place),
        several("themes", "themes", facets.theme.text, events.themes, worded),
        several("parties", "parties", parties.name, events.parties),
        sources(events.evidence),
      ],
      further: [
        ...period(events),
        { word: "panel-series", text: (i) => text(events.series[i]) },
        passages(events.evidence),
        identifier(events),
        addresses(events.evidence),
      ],
      holding: (words) =>
        holding(words, [
          [folded(events.name), (i) => [i]],
          [folded(events.place), (i) => [i]],
          [folded(events.series), (i) => [i]],
          [folded(facets.theme.text), (i) => events.themes[i]],
          [partyNames(), (i) => events.parties[i]],
        ]),
    },
  };
}
