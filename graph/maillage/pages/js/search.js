/* Search: parties, themes, areas, events and documents, by any of their names in any language. */

// Everything that can be found, one row a thing, in the order of the payload. Parties come first, so
// that the row of a party is its index. `names` holds all names of a thing, folded, between bars.
const nameIndex = (() => {
  let index = null;

  const spelled = (ref) => [D.texts[ref]].flat().filter(Boolean);

  function build() {
    const { theme, source } = D.facets;
    const cited = new Array(source.key.length).fill(0);
    for (const proofs of D.links.evidence) for (const proof of proofs) cited[D.evidence.source[proof]] += 1;
    const within = new Array(D.areas.key.length).fill(0);
    D.parties.area.forEach((area, i) => (within[area] += partyLinks[i].length));
    const kinds = [
      ["party", D.parties.name, (i) => partyLinks[i].length, (i) => [...D.parties.other[i], D.parties.code[i]]],
      ["theme", theme.text, (i) => themeLinks[i].length],
      ["area", D.areas.text, (i) => within[i]],
      ["event", D.events.name, (i) => D.events.parties[i].length],
      ["source", source.text, (i) => cited[i]],
    ];
    const found = { type: [], i: [], names: [], place: [], spelled: [] };
    kinds.forEach(([type, refs, weigh, further], rank) => {
      refs.forEach((ref, i) => {
        const all = [...spelled(ref), ...(further?.(i) ?? [])];
        found.type.push(type);
        found.i.push(i);
        found.spelled.push(all);
        found.names.push(`| ${fold(all.join(" | "))} |`);
        // Among equals parties come first, and what has more links.
        found.place.push((rank + 1) * 2 ** 20 - weigh(i));
      });
    });
    // "issylesmoulineaux", "cheng du": compared without spaces when little else is found.
    found.tight = found.names.map((names) => names.replaceAll(" ", ""));
    return found;
  }
  return () => (index ??= build());
})();

const mountSearch = (() => {
  const MOST = 12;
  let input;
  let list;
  let none;
  let hits = [];
  let active = -1;

  /** The rows that bear a name, best first: the whole name, its start, the start of a word, within. */
  function find(query) {
    const asked = fold(query.replaceAll("|", " "));
    if (!asked) return [];
    const index = nameIndex();
    const best = [];
    const offer = (row, fit) => {
      // A better fit always comes first: five kinds of thing stay below 2 ** 23.
      const score = fit * 2 ** 23 + index.place[row];
      if (best.length === MOST && score >= best[MOST - 1].score) return;
      const place = best.findIndex((hit) => hit.score > score);
      best.splice(place < 0 ? best.length : place, 0, { row, score });
      if (best.length > MOST) best.pop();
    };
    const [whole, start, word] = [`| ${asked} |`, `| ${asked}`, ` ${asked}`];
    index.names.forEach((names, row) => {
      if (!names.includes(asked)) return;
      offer(row, names.includes(whole) ? 0 : names.includes(start) ? 1 : names.includes(word) ? 2 : 3);
    });
    if (best.length < MOST) {
      const tight = asked.replaceAll(" ", "");
      index.tight.forEach((names, row) => {
        if (names.includes(tight) && !index.names[row].includes(asked)) offer(row, 4);
      });
    }
    return best.map((hit) => hit.row);
  }

  /** An option: its name, the other name that was found when its own does not tell why, its type. */
  function choice(row, place, query) {
    const { type, i, spelled } = nameIndex();
    const of = { party: D.parties.name, theme: D.facets.theme.text, area: D.areas.text };
    const refs = of[type[row]] ?? (type[row] === "event" ? D.events.name : D.facets.source.text);
    const ref = refs[i[row]];
    const asked = fold(query);
    const other = fold(text(ref)).includes(asked)
      ? ""
      : (spelled[row].find((name) => fold(name).includes(asked)) ?? "");
    const told = [other && h("bdi", { text: other }), kindOf(type[row], i[row])].filter(Boolean);
    const hidden = { party: shown.parties, event: shown.events }[type[row]]?.[i[row]] === 0;
    if (hidden) told.push(t("search-hidden"));
    const element = h(
      "li",
      { id: `found-${place}`, role: "option", "aria-selected": "false" },
      h("bdi", { ref }),
      " ",
      h("small", {}, ...told.flatMap((part, n) => (n ? [" · ", part] : [part]))),
    );
    element.addEventListener("click", () => choose(place));
    return element;
  }

  function kindOf(type, i) {
    if (type === "party") return text(D.tiers.text[D.parties.tier[i]]) || text(D.parties.type[i]);
    return t(`search-${type}`);
  }

  function activate(place) {
    active = place;
    [...list.children].forEach((element, n) => {
      element.setAttribute("aria-selected", String(n === place));
    });
    if (place < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", `found-${place}`);
    list.children[place].scrollIntoView({ block: "nearest" });
  }

  function open() {
    const query = input.value;
    hits = find(query);
    list.replaceChildren(...hits.map((row, place) => choice(row, place, query)));
    list.hidden = !hits.length;
    none.hidden = Boolean(hits.length) || !query.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
    activate(hits.length ? 0 : -1);
    if (!none.hidden) announce(none.textContent);
  }

  function close() {
    list.hidden = true;
    none.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function choose(place) {
    const index = nameIndex();
    const [type, i] = [index.type[hits[place]], index.i[hits[place]]];
    input.value = "";
    close();
    if (type === "source") filterTo("source", D.facets.source.key[i]);
    else select(type, i);
  }

  const keys = {
    ArrowDown: () => (list.hidden ? open() : activate((active + 1) % hits.length)),
    ArrowUp: () => (list.hidden ? open() : activate((active + hits.length - 1) % hits.length)),
    Enter: () => active >= 0 && choose(active),
    Escape() {
      if (list.hidden && none.hidden) input.value = "";
      close();
    },
  };

  return (root) => {
    input = h("input", {
      id: "search",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "found",
      // Built before the first letter, so that no key waits for it.
      on: { focus: nameIndex, input: open, blur: close },
    });
    input.addEventListener("keydown", (event) => {
      if (!keys[event.key] || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    list = h("ul", { id: "found", role: "listbox", "aria-labelledby": "search-name" });
    // A press on an option must not take the focus from the box before the click arrives.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    none = h("p", { class: "none", t: "search-none" });
    root.classList.add("search");
    root.append(h("label", { id: "search-name", for: "search", t: "search" }), input, list, none);
    close();
  };
})();
