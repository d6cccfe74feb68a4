/* What the panel says while nothing is selected: who has most links, of which kinds, where sources differ. */
const overview = (() => {
  const MOST = 6;

  /** A list of things with their numbers, the largest first, each a button with a bar behind its number. */
  function ranked(word, found) {
    if (!found.length) return [];
    const most = found[0].n;
    return [
      h("h3", { t: word }),
      h(
        "ul",
        { class: "ranked" },
        found.map(({ name, n, act }) => {
          const bar = h("span", { class: "bar-of", "aria-hidden": "true" });
          bar.style.width = `${Math.max(2, Math.round((60 * n) / most))}px`;
          return h(
            "li",
            {},
            h("button", { type: "button", class: "go", on: { click: act } }, name),
            h("span", { class: "amount" }, bar, h("span", { text: number(n) })),
          );
        }),
      ),
    ];
  }

  function parties() {
    const degrees = new Uint32Array(PARTIES);
    for (let line = 0; line < LINES; line++) {
      if (!shown.lines[line]) continue;
      degrees[D.lines.a[line]] += 1;
      degrees[D.lines.b[line]] += 1;
    }
    return [...degrees.keys()]
      .filter((i) => degrees[i])
      .sort((a, b) => degrees[b] - degrees[a] || a - b)
      .slice(0, MOST)
      .map((i) => ({ n: degrees[i], name: h("bdi", { ref: D.parties.name[i] }), act: () => select("party", i) }));
  }

  function kinds() {
    return D.facets.kind.key
      .map((key, i) => ({ n: counts.kind[i], name: h("span", { ref: D.facets.kind.text[i] }), act: () => filterTo("kind", key) }))
      .filter(({ n }) => n)
      .sort((a, b) => b.n - a.n)
      .slice(0, MOST);
  }

  /** What each disagreement is about, looked up once: a link, a party or an event. */
  let known = null;
  function disputed() {
    if (known) return known;
    const wanted = new Set(D.disagreements.about);
    const found = new Map();
    for (const [type, keys] of Object.entries({ link: D.links.key, party: D.parties.key, event: D.events.key })) {
      keys.forEach((key, i) => wanted.has(key) && found.set(key, { type, i }));
    }
    known = D.disagreements.about.map((key, at) => ({ at, ...found.get(key) })).filter(({ type }) => type);
    return known;
  }

  /** What is drawn here and said differently by different sources. */
  function rivals() {
    const passes = { link: shown.links, party: shown.parties, event: shown.events };
    const name = { link: linkName, party: partyName, event: eventName };
    const found = disputed().filter(({ type, i }) => passes[type][i]);
    if (!found.length) return [];
    const rows = found.slice(0, 2 * MOST).map(({ type, i, at }) =>
      h("li", {},
        h("button", { type: "button", class: "go", on: { click: () => select(type, i) } }, h("bdi", { text: name[type](i) })),
        " ",
        h("small", {}, h("bdi", { ref: D.disagreements.property[at] }))),
    );
    const more = found.length - rows.length;
    return [
      h("h3", { t: "overview-rivals" }),
      h("ul", { class: "ranked" }, rows),
      ...(more > 0 ? [h("p", { class: "told", text: t("more-values", { n: number(more) }) })] : []),
    ];
  }

  return () => [h("p", { class: "hint", t: "panel-hint" }), ...ranked("overview-parties", parties()), ...ranked("overview-kinds", kinds()), ...rivals()];
})();
