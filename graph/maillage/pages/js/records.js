/* What the page holds of a thing: the record that the panel shows, with every source that it rests
   on. What no document says is left out; only an empty list of sources is told as such. */
const { recordOf, titleOf, openLists, pieceButton, linkSample, partyMark } = (() => {
  const FEW = 12; // of a list, before one asks for all
  const MOST = 1000; // the table has the rest
  /** The lists that are shown whole and the groups that are open, as long as one record is shown. */
  const openLists = new Set();

  const nameOf = {
    party: (i) => [D.parties.name[i]],
    link: (i) => D.links.parties[i].map((party) => D.parties.name[party]),
    event: (i) => [D.events.name[i]],
    theme: (i) => [D.facets.theme.text[i]],
    area: (i) => [D.areas.text[i]],
  };

  // Asked for by a few records only: turned round when first needed.
  const once = (make) => {
    let made;
    return (key) => (made ??= make()).get(key) ?? [];
  };
  const turned = (lists) => {
    const found = new Map();
    lists.forEach((keys, i) => {
      for (const key of [keys].flat()) {
        if (!found.has(key)) found.set(key, []);
        found.get(key).push(i);
      }
    });
    return found;
  };
  const eventsOn = once(() => turned(D.events.themes));
  const rivalsOf = once(() => turned(D.disagreements.about));
  const partiesIn = once(() => turned(D.parties.area));
  const linksIn = (area) => [...new Set(partiesIn(area).flatMap((i) => partyLinks[i]))];

  /** A line as the pictures draw it: dashes tell the standing of a link, a mark its certainty. */
  function sample(look, mark) {
    const stroke = strokes[look];
    const line = s("line", { x1: 1, y1: 7, x2: 45, y2: 7, stroke, "stroke-width": 2.5 });
    if (dashes[look].length) line.setAttribute("stroke-dasharray", dashes[look].join(" "));
    const drawn = s("svg", { class: "sample", width: 46, height: 14, viewBox: "0 0 46 14", "aria-hidden": "true" }, line);
    if (mark === 1) drawn.append(s("circle", { cx: 23, cy: 7, r: 5, fill: stroke }));
    if (mark === 2) drawn.append(s("path", { d: "M23 1 29 7 23 13 17 7Z", fill: stroke }));
    return drawn;
  }
  const linkSample = (i) => sample(D.links.look[i], D.links.mark[i]);
  const SURE = { stated: [0, 0], "to-be-confirmed": [1, 0], inferred: [0, 1], disputed: [0, 2] };

  /** The shape, colour and letter of a party, by its level. */
  function partyMark(i) {
    const { fill, ink, mark } = lookOf(i, "level");
    const shape = D.parties.side[i]
      ? s("rect", { x: 1, y: 1, width: 20, height: 20, fill })
      : s("circle", { cx: 11, cy: 11, r: 10.5, fill });
    const letters = s("text", { x: 11, y: 14.5, "text-anchor": "middle", fill: ink }, text(mark));
    return s("svg", { class: "mark", width: 22, height: 22, viewBox: "0 0 22 22", "aria-hidden": "true" }, shape, letters);
  }

  // Small pieces.
  const said = (ref) => h("bdi", { ref });
  const texts = (refs) => refs.filter(Boolean).map(said);
  const known = (facet, i) => (i < 0 ? [] : [said(D.facets[facet].text[i])]);
  const joined = (parts, between) => parts.flatMap((part, n) => (n ? [between, part] : [part]));
  const line = (...parts) => h("span", {}, ...joined(parts, " · "));
  const small = (parts) => (parts.length ? [h("small", {}, ...joined(parts, " · "))] : []);
  const bare = (web) => web.replace(/^https?:\/\//, "").replace(/\/$/, "");
  const address = (shownText) => h("span", { class: "address", text: shownText });
  const aside = (content) => h("p", { class: "aside", ...content });
  const row = (word, values) =>
    values.length ? [h("div", {}, h("dt", { t: word }), ...values.map((value) => h("dd", {}, value)))] : [];
  const list = (...rows) => (rows.flat().length ? [h("dl", {}, ...rows.flat())] : []);
  const titleOf = (type, i) => joined(nameOf[type](i).map(said), " — ");

  /** A button that can be found again, by what it says, when the record is written anew. */
  function pieceButton(name, on, ...content) {
    const made = h("button", { type: "button", class: name, on: { click: on } }, ...content);
    made.dataset.piece = `${name} ${made.textContent}`;
    return made;
  }

  /** A button that selects a thing, and meanwhile points at it in the picture. */
  function go(type, i, ...content) {
    const made = pieceButton("go", () => select(type, i), ...(content.length ? content : titleOf(type, i)));
    made.dataset.piece = `${type} ${i}`;
    for (const name of ["pointerenter", "focus"]) made.addEventListener(name, () => hover(type, i));
    for (const name of ["pointerleave", "blur"]) made.addEventListener(name, () => hover(null));
    return made;
  }
  const partyItem = (i) => [partyMark(i), " ", go("party", i)];
  const themeRow = (themes) =>
    themes.length ? [h("span", { class: "abreast" }, themes.map((theme) => go("theme", theme)))] : [];
  const partyList = (items) => (items.length ? [section("parties", items.length, ...cut("parties", items, partyItem))] : []);

  /** A list, cut when it is long, with a button for the rest. */
  function cut(id, items, make) {
    const all = openLists.has(id) || items.length <= FEW + 3;
    const made = items.slice(0, all ? MOST : FEW).map((item) => h("li", {}, ...make(item)));
    const found = [h("ul", { class: "things", data: { list: id } }, ...made)];
    if (all && items.length > MOST) found.push(aside({ text: t("panel-first", { n: number(MOST) }) }));
    if (!all) {
      const more = () => {
        openLists.add(id);
        showPanel();
        document.querySelector(`#panel [data-list="${id}"] > :nth-child(${FEW + 1}) :is(a, button)`)?.focus();
      };
      found.push(pieceButton("more", more, t("panel-all", { n: number(items.length) })));
    }
    return found;
  }

  function section(word, count, ...content) {
    const head = h("h3", {}, h("span", { t: word }));
    if (count) head.append(" ", h("span", { class: "count", text: number(count) }));
    return h("section", {}, head, ...content);
  }

  /** Links: those that pass the filters, then a group that opens, of those that do not. */
  function linkList(items, of) {
    const make = (i) => linkItem(i, of);
    const [seen, hidden] = [items.filter((i) => shown.links[i]), items.filter((i) => !shown.links[i])];
    const content = seen.length ? cut("links", seen, make) : [];
    if (!items.length) content.push(aside({ t: "panel-no-link" }));
    if (hidden.length) {
      const name = t("panel-hidden", { n: number(hidden.length) });
      const group = h("details", {}, h("summary", { text: name, data: { piece: "hidden" } }));
      const fill = () => group.append(...cut("hidden-links", hidden, make));
      group.open = openLists.has("hidden");
      if (group.open) fill();
      group.addEventListener("toggle", () => {
        if (group.open && group.children.length === 1) fill();
        if (group.open) openLists.add("hidden");
        else openLists.delete("hidden");
      });
      content.push(group);
    }
    return section("panel-links", items.length, ...content);
  }

  /** A link: in the record of one of its parties, the others; elsewhere, all of them. */
  function linkItem(i, of) {
    const others = D.links.parties[i].filter((party) => party !== of);
    const refs = (others.length ? others : D.links.parties[i]).map((party) => D.parties.name[party]);
    const themes = D.links.themes[i].map((theme) => said(D.facets.theme.text[theme]));
    const notes = [...known("kind", D.links.kind[i]), ...texts([D.links.dates[i]]), ...themes];
    const named = joined(refs.map(said), of === undefined ? " — " : t("panel-and"));
    return [linkSample(i), " ", go("link", i, ...named), ...small(notes)];
  }

  function eventList(items) {
    const make = (i) => [go("event", i), ...small(texts([D.events.dates[i]]))];
    return items.length ? [section("panel-events", items.length, ...cut("events", items, make))] : [];
  }

  /** A name in each language that has it; what is the same in several is told once. */
  function names(ref) {
    const held = [D.texts[ref]].flat();
    const by = new Map();
    TONGUES.forEach((lang, n) => {
      const name = held.length > 1 ? held[n] : held[0];
      if (name) by.set(name, [...(by.get(name) ?? []), lang]);
    });
    return [...by].map(([name, langs]) => {
      const tongues = langs.map((lang) => h("span", { lang: TAGS[lang], text: TONGUE_NAMES[lang] }));
      const named = h("bdi", { lang: TAGS[langs[0]], text: name });
      return h("span", {}, named, " ", h("small", {}, joined(tongues, t("panel-and"))));
    });
  }

  // Sources: each document once, with every place in it.
  function passage(proof, certainty) {
    const { where, certainty: sure, notes } = D.evidence;
    const firm = sure[proof] === certainty ? [] : known("certainty", sure[proof]);
    const parts = [...texts([where[proof]]), ...firm, ...texts(notes[proof])];
    return parts.length ? [h("li", {}, ...joined(parts, " · "))] : [];
  }

  function tongueName(tag) {
    try {
      return new Intl.DisplayNames(TAGS[tongue], { type: "language" }).of(tag);
    } catch {
      return tag; // what is no language tag says at least what it says
    }
  }

  function sourceItem(i, passages) {
    const { text: refs, href, address: at, publisher, date, seen, licence, language, key } = D.facets.source;
    const facts = [
      ...texts([publisher[i], date[i]]),
      ...(language[i] ? [h("bdi", { text: tongueName(language[i]) })] : []),
      ...(seen[i] ? [h("bdi", { text: t("panel-seen", { n: seen[i] }) })] : []),
      ...(licence[i] ? [h("bdi", { text: t("panel-licence", { n: bare(licence[i]) }) })] : []),
    ];
    const link = { href: href[i], target: "_blank", rel: "noopener noreferrer", data: { piece: `source ${i}` } };
    const only = pieceButton("only", () => filterTo("source", key[i]), t("panel-only"));
    only.dataset.piece = `only ${i}`;
    only.setAttribute("aria-label", t("panel-only-of", { n: text(refs[i]) }));
    return [
      href[i] ? h("a", link, said(refs[i])) : said(refs[i]),
      ...(passages.length ? [h("ul", { class: "passages" }, ...passages)] : []),
      ...small(facts),
      ...(at[i] ? [address(at[i])] : []),
      only,
    ];
  }

  function sources(proofs, certainty) {
    const by = new Map();
    for (const proof of proofs) {
      const i = D.evidence.source[proof];
      by.set(i, [...(by.get(i) ?? []), ...passage(proof, certainty)]);
    }
    if (!by.size) return section("sources", 0, aside({ t: "panel-no-source" }));
    return section("sources", by.size, ...cut("sources", [...by], ([i, found]) => sourceItem(i, found)));
  }

  function rivals(key) {
    const { property, stances, reason } = D.disagreements;
    const stance = ([value, who, certainties, kept]) => {
      const badge = kept ? [" ", h("span", { class: "badge", t: "panel-kept" })] : [];
      const sure = certainties.flatMap((one) => known("certainty", one));
      const by = [...who.map((i) => said(D.facets.source.text[i])), ...sure];
      return h("li", {}, h("strong", {}, said(value)), ...badge, ...small(by));
    };
    const told = rivalsOf(key).map((d) =>
      h(
        "li",
        {},
        h("h4", {}, said(property[d])),
        h("ul", {}, ...stances[d].map(stance)),
        reason[d] ? h("p", { class: "aside" }, said(reason[d])) : aside({ t: "panel-undecided" }),
      ),
    );
    return told.length ? [section("panel-rivals", told.length, h("ul", { class: "rivals" }, ...told))] : [];
  }

  /** The address of a thing and the question that gives what its record says. */
  function asking(type, i, iri) {
    const question = (D.queries[type] ?? "").replaceAll("{key}", KEYS[type]()[i].replace(/^country\//, "place/"));
    const code = h("code", { text: `maillage ask ${question}` });
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        announce(t("copied"));
      } catch {
        // Where the browser refuses, the words are marked, ready for the keys that copy.
        getSelection().selectAllChildren(code);
        announce(t("selected"));
      }
    };
    const asked = question ? [h("span", {}, code, " ", pieceButton("copy", copy, t("copy")))] : [];
    return list(row("identifier", iri ? [address(iri)] : []), row("panel-question", asked));
  }

  const records = {
    party(i) {
      const { name, other, type, level, country, code, parents, area, existence, iri, key } = D.parties;
      const further = other[i].filter((one) => one !== code[i] && ![D.texts[name[i]]].flat().includes(one));
      const around = (ref) =>
        ref === D.areas.text[area[i]] && D.areas.key[area[i]] !== key[i] ? go("area", area[i]) : said(ref);
      return [
        h("p", { class: "type" }, partyMark(i), " ", line(...texts([type[i]]), ...known("country", country[i]))),
        ...list(
          row("panel-names", names(name[i])),
          row("panel-other-names", further.map((one) => h("bdi", { text: one }))),
          row("level", known("level", level[i])),
          row("panel-code", code[i] ? [h("bdi", { text: code[i] })] : []),
          row("panel-part-of", parents[i].filter(Boolean).map(around)),
          row("panel-existence", texts(existence[i])),
        ),
        linkList(partyLinks[i], i),
        ...eventList(partyEvents[i]),
        ...rivals(key[i]),
        ...asking("party", i, iri[i]),
      ];
    },
    link(i) {
      const { parties, kind, state, certainty, dates, themes, purpose, evidence, iri, key } = D.links;
      const sure = SURE[D.facets.certainty.key[certainty[i]]];
      const firm = known("certainty", certainty[i]).map((word) => h("span", {}, sure && [sample(...sure), " "], word));
      return [
        h("p", { class: "type" }, linkSample(i), " ", h("span", { t: "link" })),
        ...(shown.links[i] ? [] : [aside({ t: "panel-filtered" })]),
        ...(purpose[i] ? [h("p", { class: "purpose" }, said(purpose[i]))] : []),
        ...list(
          row("parties", parties[i].map((party) => h("span", {}, ...partyItem(party)))),
          row("kind", known("kind", kind[i])),
          row("state", known("state", state[i])),
          row("certainty", firm),
          row("dates", texts([dates[i]])),
          row("themes", themeRow(themes[i])),
        ),
        ...rivals(key[i]),
        sources(evidence[i], certainty[i]),
        ...asking("link", i, iri[i]),
      ];
    },
    event(i) {
      const { name, kind, series, dates, place, themes, parties, evidence, iri, key } = D.events;
      return [
        h("p", { class: "type" }, ...(kind[i] ? [said(kind[i])] : [h("span", { t: "search-event" })])),
        ...list(
          row("panel-names", names(name[i])),
          row("dates", texts([dates[i]])),
          row("panel-place", texts([place[i]])),
          row("panel-series", texts([series[i]])),
          row("themes", themeRow(themes[i])),
        ),
        ...partyList(parties[i]),
        ...rivals(key[i]),
        sources(evidence[i], -1),
        ...asking("event", i, iri[i]),
      ];
    },
    theme(i) {
      const { key, text: refs, top } = D.facets.theme;
      const broader = D.tops.text[top[i]] ?? 0;
      return [
        h("p", { class: "type", t: "search-theme" }),
        ...list(row("panel-names", names(refs[i])), row("panel-broader", broader === refs[i] ? [] : texts([broader]))),
        pieceButton("act", () => filterTo("theme", key[i]), t("panel-filter-theme")),
        linkList(themeLinks[i]),
        ...partyList([...new Set(themeLinks[i].flatMap((link) => D.links.parties[link]))]),
        ...eventList(eventsOn(i)),
        ...asking("theme", i, ""),
      ];
    },
    area(i) {
      return [
        h("p", { class: "type" }, line(h("span", { t: "search-area" }), ...known("country", D.areas.country[i]))),
        ...list(row("panel-names", names(D.areas.text[i]))),
        linkList(linksIn(i)),
        ...partyList(partiesIn(i)),
        ...asking("area", i, ""),
      ];
    },
  };
  const recordOf = (type, i) => records[type](i);
  return { recordOf, titleOf, openLists, pieceButton, linkSample, partyMark };
})();
