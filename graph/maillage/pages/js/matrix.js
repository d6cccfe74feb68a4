/* The matrix: region by province, or party by theme, as a table whose cells are numbers of links. */

// Where no regions are known, two countries make no matrix.
declare("matrix-by", { default: D.areas.key.length > 2 ? "areas" : "themes", values: ["areas", "themes"] });
declare("matrix-sort", { default: "count", values: ["count", "community", "name"] });
declare("matrix-sides", { default: "first", values: ["first", "both"] });
declare("matrix-open", { default: "", values: ["", "all", ...crossing.topKeys] });

views.matrix = (() => {
  const FIRST_ROWS = 40;
  const MORE_ROWS = 100;
  const FEW_ROWS = 20; // too few to hide
  const FIRST_COLUMNS = 100;
  const HEADS = 2; // rows and columns of the table that name and that total the others

  let root, scroll, table, said, notes, keys;
  let model = null; // what crossing counted, cut to the rows and columns that are drawn
  let rowLimit = FIRST_ROWS;
  let columnLimit = FIRST_COLUMNS;
  let room = 0; // pixels for the columns, measured when the frame changes: asking each time costs
  let stop = [HEADS, HEADS]; // row and column of the table that the Tab key reaches

  const isByArea = () => option("matrix-by") === "areas";
  const word = (start) => `${start}-${option("matrix-by")}`;
  const at = (row, column) => table.rows[row]?.cells[column];

  function count() {
    const whole = isByArea()
      ? crossing.byArea(option("matrix-sort"))
      : crossing.byTheme(option("matrix-sort"), option("matrix-sides") === "both", option("matrix-open"));
    const rows = whole.rows.slice(0, whole.rows.length > rowLimit + FEW_ROWS ? rowLimit : undefined);
    const columns = whole.columns.slice(0, columnLimit);
    let most = 0;
    for (const { cells } of rows) for (const links of cells.values()) most = Math.max(most, links.length);
    return { ...whole, whole, rows, columns, classes: shading.scale(most), grouped: option("matrix-sort") === "community" };
  }

  function menus() {
    const first = D.facets.country.key.indexOf(D.first);
    const ours = first < 0 ? { t: "matrix-sides-first" } : { ref: D.facets.country.text[first] };
    const tops = crossing.topKeys.map((key, top) => [key, key === "other" ? { t: "matrix-other-themes" } : { ref: D.tops.text[top] }]);
    return h(
      "div",
      { class: "choices" },
      choice("matrix-by", "matrix-by", ["areas", "themes"].map((by) => [by, { t: `matrix-by-${by}` }])),
      choice("matrix-sort", "matrix-sort", ["count", "community", "name"].map((sort) => [sort, { t: `matrix-sort-${sort}` }])),
      choice("matrix-sides", "matrix-sides", [["first", ours], ["both", { t: "matrix-sides-both" }]]),
      choice("matrix-open", "matrix-open", [["", { t: "matrix-open-none" }], ...tops, ["all", { t: "matrix-open-all" }]]),
    );
  }

  /** A row's or column's name, with the mark of its side or, so sorted, of its community. */
  function nameOf(axis, { i }) {
    const name = h("span", { class: "name" }, h("bdi", { text: axis.name(i) }));
    const group = model.grouped ? axis.group(i) : -1;
    if (group >= 0) {
      const chip = h("span", { class: "chip", "aria-hidden": "true", text: text(D.communities.mark[group]) });
      chip.style.backgroundColor = D.communities.fill[group];
      chip.style.color = D.communities.ink[group];
      name.prepend(chip);
    }
    if (axis.side && option("matrix-sides") === "both") {
      const shape = axis.side(i) ? s("rect", { x: 1.5, y: 1.5, width: 9, height: 9 }) : s("circle", { cx: 6, cy: 6, r: 5 });
      name.prepend(s("svg", { class: "side", viewBox: "0 0 12 12", "aria-hidden": "true" }, shape));
    }
    return name;
  }

  function headOf(axis, entry, scope) {
    const head = h("th", { scope, tabindex: "-1" }, nameOf(axis, entry));
    if (axis.isPart(entry.i)) head.classList.add("part");
    return head;
  }

  function cellOf(links) {
    if (!links) return h("td", { tabindex: "-1", "aria-label": t("matrix-undocumented") });
    const n = number(links.length);
    const look = shading.look(links);
    if (look) return h("td", { tabindex: "-1", class: look, text: n, "aria-label": t(`matrix-all-${look}`, { n }) });
    const cell = h("td", { tabindex: "-1", text: n });
    const { fill, ink } = shading.of(model.classes, links.length);
    cell.style.backgroundColor = fill;
    cell.style.color = ink;
    return cell;
  }
  const totalOf = (links) => h("td", { class: "total", tabindex: "-1", text: number(links.length) });

  function build() {
    const held = table.contains(document.activeElement);
    behind.shut(false);
    model = count();
    const { rows, columns, over, across } = model;
    const heads = h(
      "tr",
      {},
      h("th", { class: "corner", tabindex: "-1", t: word("matrix-corner") }),
      h("th", { scope: "col", class: "total", tabindex: "-1" }, h("span", { class: "name", t: "matrix-total" })),
      ...columns.map((column) => headOf(across, column, "col")),
    );
    const totals = h(
      "tr",
      { class: "totals" },
      h("th", { scope: "row", tabindex: "-1", t: "matrix-total" }),
      totalOf(model.counted),
      ...columns.map(({ links }) => totalOf(links)),
    );
    const lines = rows.map((row) =>
      h("tr", {}, headOf(over, row, "row"), totalOf(row.links), ...columns.map(({ i }) => cellOf(row.cells.get(i)))),
    );
    table.replaceChildren(h("thead", {}, heads, totals), h("tbody", {}, ...lines));
    part();
    fit();
    table.setAttribute("aria-label", t(word("matrix-title")));
    stop = [Math.min(stop[0], table.rows.length - 1), Math.min(stop[1], columns.length + HEADS - 1)];
    rove([], at(...stop), held);
    sayNotes();
    sayKeys();
    tell(null);
    mark();
  }

  /** Columns share the room there is, but stay wide enough for a finger and for their numbers. */
  function fit() {
    const longest = number(Math.max(0, ...model.columns.map(({ links }) => links.length))).length;
    const least = Math.max(24, Math.ceil(4 + 7.3 * longest));
    const cell = Math.min(72, Math.max(least, Math.floor(room / Math.max(1, model.columns.length))));
    table.style.setProperty("--columns", model.columns.length);
    table.style.setProperty("--cell", `${cell}px`);
    // Names above wide columns break into lines, and leave more height to the rows.
    table.classList.toggle("roomy", cell >= 44);
  }

  function measure() {
    room = scroll.clientWidth - at(0, 0).offsetWidth - at(0, 1).offsetWidth;
    fit();
  }

  /** A line between communities, where rows and columns are sorted by them. */
  function part() {
    if (!model.grouped) return;
    const begins = (axis, entries) => (entry, place) => place > 0 && axis.group(entry.i) !== axis.group(entries[place - 1].i);
    const { rows, columns, over, across } = model;
    rows.map(begins(over, rows)).forEach((parted, place) => table.rows[place + HEADS].classList.toggle("parted", parted));
    columns.map(begins(across, columns)).forEach((parted, place) => {
      if (parted) for (const { cells } of table.rows) cells[place + HEADS].classList.add("parted");
    });
  }

  /** What is not to be seen: rows and columns to come, links that stand in no cell, empty areas. */
  function sayNotes() {
    const lines = [];
    const cut = (start, drawn, whole, step, more) => {
      if (drawn >= whole) return;
      const left = number(Math.min(whole - drawn, step));
      const button = h("button", { type: "button", text: t(`${start}-more`, { n: left }), on: { click: more } });
      lines.push(h("p", {}, `${t(start, { n: number(drawn), of: number(whole) })} `, button));
    };
    const { rows, columns, whole, counted } = model;
    cut("matrix-rows", rows.length, whole.rows.length, MORE_ROWS, () => {
      rowLimit += MORE_ROWS;
      build();
    });
    cut("matrix-columns", columns.length, whole.columns.length, FIRST_COLUMNS, () => {
      columnLimit += FIRST_COLUMNS;
      build();
    });
    const apart = shown.count.links - counted.length;
    if (apart) lines.push(h("p", { text: t(word("matrix-apart"), { n: number(apart) }) }));
    const gaps = isByArea() ? crossing.unreached(whole).map(areaName) : [];
    if (gaps.length) lines.push(h("p", { text: t("matrix-unreached", { names: gaps.join(t("comma")) }) }));
    lines.push(h("p", { t: "matrix-blank" }));
    notes.replaceChildren(...lines);
  }

  function sayKeys() {
    const items = model.classes.map((shade) => {
      const item = h("li", { text: shading.said(shade) });
      item.style.backgroundColor = shade.fill;
      item.style.color = shade.ink;
      return item;
    });
    const outlines = shading.outlined.map((look) => h("li", { class: look, t: `matrix-key-${look}` }));
    keys.replaceChildren(h("span", { t: "matrix-keys" }), h("ul", {}, ...items, ...outlines));
  }

  /** What a cell of the table is: its row and column in the model, its links, what it selects. */
  function whatIs(cell) {
    const row = model.rows[cell.parentNode.rowIndex - HEADS];
    const column = model.columns[cell.cellIndex - HEADS];
    if (cell.cellIndex === 0) return { row, thing: row ? model.over.thing(row.i) : null };
    if (cell.parentNode.rowIndex === 0) return { column, thing: column ? model.across.thing(column.i) : null };
    const links = row ? (column ? row.cells.get(column.i) : row.links) : (column?.links ?? model.counted);
    const only = links?.length === 1 ? { type: "link", i: links[0] } : null;
    return { row, column, links, thing: only };
  }

  const titleOf = ({ row, column }) =>
    [row && model.over.name(row.i), column && model.across.name(column.i)].filter(Boolean).join(" × ") || t("matrix-total");

  /** One line above the table says in words what the pointer or the keyboard is at. */
  function tell(cell) {
    for (const head of table.querySelectorAll("th.at")) head.classList.remove("at");
    if (!cell) {
      said.textContent = t(word("matrix-hint"));
      return;
    }
    at(cell.parentNode.rowIndex, 0).classList.add("at");
    at(0, cell.cellIndex).classList.add("at");
    const what = whatIs(cell);
    const links = what.links ?? what.row?.links ?? what.column?.links;
    const tentative = (links ?? []).filter((link) => D.links.look[link] === 1).length;
    const values = { what: titleOf(what), n: number(links?.length ?? 0), m: number(tentative) };
    const isHead = cell.tagName === "TH" && !what.row && !what.column;
    if (isHead) said.textContent = t(word("matrix-hint"));
    else if (what.row && what.column && !what.links) said.textContent = t("matrix-said-blank", values);
    else said.textContent = t(tentative ? "matrix-said-tentative" : "matrix-said", values);
  }

  function act(cell) {
    const what = whatIs(cell);
    if (what.thing) {
      select(what.thing.type, what.thing.i);
      return;
    }
    if (!what.links?.length) return;
    const theme = what.column && model.across.thing(what.column.i);
    const narrow = theme?.type === "theme" ? () => filterTo("theme", D.facets.theme.key[theme.i]) : null;
    behind.open(cell, titleOf(what), what.links, narrow, "matrix-narrow");
  }

  /** Emphasis of what is selected and of what is pointed at, here or in another view: its row or
      column where it has one, else the cells of its links. */
  function mark() {
    const things = { on: selection, near: hovered };
    for (const [name, thing] of Object.entries(things)) {
      const isIt = (one) => Boolean(thing && one && one.type === thing.type && one.i === thing.i);
      const inRows = model.rows.map(({ i }) => isIt(model.over.thing(i)));
      const inColumns = model.columns.map(({ i }) => isIt(model.across.thing(i)));
      const isHead = inRows.includes(true) || inColumns.includes(true);
      const about = isHead ? new Set() : linksAbout(thing);
      inColumns.forEach((is, column) => at(0, column + HEADS).classList.toggle(name, is));
      model.rows.forEach((row, place) => {
        const { cells } = table.rows[place + HEADS];
        cells[0].classList.toggle(name, inRows[place]);
        model.columns.forEach(({ i }, column) => {
          const links = thing && row.cells.get(i);
          const is = links && (isHead ? inRows[place] || inColumns[column] : links.some((link) => about.has(link)));
          cells[column + HEADS].classList.toggle(name, Boolean(is));
        });
      });
    }
  }

  function go(row, column) {
    const next = at(Math.max(0, Math.min(table.rows.length - 1, row)), Math.max(0, Math.min(table.rows[0].cells.length - 1, column)));
    rove([at(...stop)], next, true);
    stop = [next.parentNode.rowIndex, next.cellIndex];
  }

  function onKey(event) {
    const [row, column] = stop;
    const far = Infinity;
    const page = 10;
    const steps = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      PageUp: [row - page, column],
      PageDown: [row + page, column],
      Home: [event.ctrlKey ? 0 : row, 0],
      End: [event.ctrlKey ? far : row, far],
    };
    const step = steps[event.key];
    if (step) go(...step);
    else if (event.key === "Enter" || event.key === " ") act(at(row, column));
    else return;
    event.preventDefault();
  }

  function listen() {
    const cellAt = (event) => event.target.closest("th, td");
    table.addEventListener("keydown", onKey);
    table.addEventListener("click", (event) => {
      const cell = cellAt(event);
      if (!cell) return;
      go(cell.parentNode.rowIndex, cell.cellIndex);
      act(cell);
    });
    const point = (event) => {
      const cell = cellAt(event);
      if (!cell) return;
      tell(cell);
      const { thing } = whatIs(cell);
      hover(thing?.type ?? null, thing?.i);
    };
    const leave = () => {
      tell(null);
      hover(null);
    };
    table.addEventListener("pointerover", point);
    table.addEventListener("focusin", point);
    table.addEventListener("pointerleave", leave);
    table.addEventListener("focusout", leave);
  }

  return {
    word: "view-matrix",
    mount(element) {
      root = element;
      said = h("p", { class: "said" });
      keys = h("div", { class: "keys" });
      table = h("table", { role: "grid" });
      scroll = h("div", { class: "scroll", tabindex: "0", role: "region" }, table);
      notes = h("div", { class: "notes" });
      root.append(menus(), said, scroll, keys, notes);
      listen();
      this.update(new Set(["language", "options", "size"]));
    },
    update(changes) {
      if (changes.has("options")) {
        syncChoices(root);
        root.classList.toggle("by-areas", isByArea());
      }
      if (changes.has("language")) scroll.setAttribute("aria-label", t("matrix-region"));
      if (["filter", "language", "options"].some((change) => changes.has(change))) build();
      else if (changes.has("selection") || changes.has("hover")) mark();
      if (changes.has("selection")) reveal(scroll, all("td.on, tbody th.on", table));
      if (changes.has("size")) {
        behind.shut(false);
        measure();
      }
    },
    svg: () => matrixPicture(model, t(word("matrix-title"))),
    rows() {
      const { rows, columns, over, across } = model.whole;
      const counts = (row) => columns.map(({ i }) => row.cells.get(i)?.length ?? "");
      return {
        heads: [t(word("matrix-corner")), t("matrix-total"), ...columns.map(({ i }) => across.name(i))],
        rows: rows.map((row) => [over.name(row.i), row.links.length, ...counts(row)]),
      };
    },
  };
})();
