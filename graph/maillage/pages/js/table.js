/* The table: all that is shown, sorted and searched, in pages; it says in words what every picture
   shows. */
declare("table-of", { default: "links", values: ["links", "parties", "events"] });
declare("table-sort", { default: "", check: (value) => /^(-?[a-z]+)?$/.test(value) });
declare("table-find", { default: "", check: (value) => value.length <= 200 });

views.table = (() => {
  const narrow = matchMedia("(max-width: 44rem)");
  let sheets;
  let rows = []; // what passes filters and search, in order
  let page = 0;
  let arranged = ""; // how the rows were arranged: another way starts again at the first page
  const orders = new Map();
  const parts = {};

  const PAGE = 50; // rows at a time: a filter step stays within a few frames
  const sheet = () => sheets[option("table-of")];
  const passes = () => shown[option("table-of")];
  const sortKey = () => option("table-sort").replace("-", "");
  const isDown = () => option("table-sort").startsWith("-");
  const pages = () => Math.max(1, Math.ceil(rows.length / PAGE));

  /** All rows of a sheet by one of its columns; what has no value there comes last. */
  function ordered({ type, count }, column) {
    const id = `${type} ${column.key}`;
    if (column.isLive) orders.delete(id);
    if (!orders.has(id)) {
      const places = Float64Array.from({ length: count }, (_, i) => column.rank(i));
      const every = Uint32Array.from(places.keys());
      const known = every.filter((i) => !Number.isNaN(places[i])).sort((a, b) => places[a] - places[b] || a - b);
      orders.set(id, { known, unknown: every.filter((i) => Number.isNaN(places[i])) });
    }
    const { known, unknown } = orders.get(id);
    return [isDown() ? known.slice().reverse() : known, unknown];
  }

  function arrange() {
    const column = sheet().columns.find((each) => each.key === sortKey());
    const words = fold(option("table-find")).split(" ").filter(Boolean);
    const holds = words.length ? sheet().holding(words) : () => true;
    const flags = passes();
    const every = column ? ordered(sheet(), column) : [flags.keys()];
    rows = [];
    for (const part of every) for (const i of part) if (flags[i] && holds(i)) rows.push(i);
    const way = ["table-of", "table-sort", "table-find"].map(option).join("\n");
    page = way === arranged ? Math.min(page, pages() - 1) : 0;
    arranged = way;
  }

  function sortBy(key) {
    const isSame = sortKey() === key;
    if (isSame && isDown()) setOption("table-sort", "");
    else setOption("table-sort", isSame ? `-${key}` : key);
  }

  /** The heads: written anew for another sheet or language only, so that they keep the focus. */
  function writeHeads() {
    const of = `${option("table-of")} ${tongue}`;
    if (parts.head.dataset.of !== of) {
      parts.head.dataset.of = of;
      const heads = sheet().columns.map(({ key, word }) =>
        h(
          "th",
          { scope: "col", role: "columnheader", data: { key } },
          h(
            "button",
            { type: "button", on: { click: () => sortBy(key) } },
            h("span", { t: word }),
            h("span", { class: "way", "aria-hidden": "true" }),
          ),
        ),
      );
      parts.head.replaceChildren(...heads);
      const entries = sheet().columns.flatMap(({ key, word }) => [
        h("option", { value: key, text: `${t(word)} ↑` }),
        h("option", { value: `-${key}`, text: `${t(word)} ↓` }),
      ]);
      parts.sort.replaceChildren(h("option", { value: "", t: "table-unsorted" }), ...entries);
    }
    for (const head of parts.head.children) {
      const isSorted = head.dataset.key === sortKey();
      head.setAttribute("aria-sort", isSorted ? (isDown() ? "descending" : "ascending") : "none");
      head.querySelector(".way").textContent = isSorted ? (isDown() ? "▼" : "▲") : "";
    }
    parts.sort.value = option("table-sort");
  }

  function writeRow(i) {
    const cells = sheet().columns.map((column, n) =>
      n === 0
        ? h("th", { scope: "row", role: "rowheader" }, column.cells(i))
        : h("td", { role: "cell", class: column.key, data: { head: t(column.word) } }, column.cells(i)),
    );
    return h("tr", { role: "row", data: { row: i } }, cells);
  }

  function write() {
    writeHeads();
    const first = page * PAGE;
    const last = Math.min(first + PAGE, rows.length);
    parts.body.replaceChildren(...rows.slice(first, last).map(writeRow));
    for (const button of parts.choices.children) {
      const of = button.dataset.of;
      button.setAttribute("aria-pressed", String(of === option("table-of")));
      button.textContent = `${t(sheets[of].word)} (${number(shown.count[of])})`;
    }
    if (document.activeElement !== parts.find) parts.find.value = option("table-find");
    const range = { first: number(first + 1), last: number(last), n: number(rows.length) };
    parts.told.textContent = rows.length ? t("table-rows", range) : t("table-none");
    parts.caption.textContent = t(sheet().word);
    for (const bar of parts.bars) {
      bar.hidden = pages() === 1;
      bar.querySelector("input").value = page + 1;
      bar.querySelector("input").max = pages();
      bar.querySelector(".of").textContent = t("table-pages", { n: number(pages()) });
      // Not disabled: a button that is loses the focus.
      bar.querySelector(".previous").setAttribute("aria-disabled", String(page === 0));
      bar.querySelector(".next").setAttribute("aria-disabled", String(page === pages() - 1));
    }
    mark();
  }

  /** The row of what is selected, and the links of a selected party. */
  function mark() {
    const { type, i } = selection ?? {};
    const touching = new Set(type === "party" && sheet().type === "link" ? partyLinks[i] : []);
    for (const element of parts.body.children) {
      const row = Number(element.dataset.row);
      const isIt = type === sheet().type && row === i;
      element.classList.toggle("on", isIt || touching.has(row));
      if (isIt) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    }
  }

  function follow() {
    const at = selection?.type === sheet().type ? rows.indexOf(selection.i) : -1;
    if (at < 0 || Math.floor(at / PAGE) === page) return;
    page = Math.floor(at / PAGE);
    write();
  }

  function turn(to) {
    const next = Math.max(0, Math.min(pages() - 1, to));
    if (next !== page) {
      page = next;
      write();
      parts.scroll.scrollTop = 0;
      if (narrow.matches) parts.table.scrollIntoView({ block: "start" });
      announce(parts.told.textContent);
    }
  }

  function pager(word) {
    const go = () => {
      turn(Math.floor(field.value) - 1);
      field.value = page + 1;
    };
    const field = h("input", { type: "number", min: 1, step: 1, inputmode: "numeric", on: { change: go } });
    const bar = h(
      "div",
      { class: "pages", role: "group", data: { label: word } },
      h("button", { type: "button", class: "previous", t: "table-previous", on: { click: () => turn(page - 1) } }),
      h("label", {}, h("span", { t: "table-page" }), field),
      h("span", { class: "of" }),
      h("button", { type: "button", class: "next", t: "table-next", on: { click: () => turn(page + 1) } }),
    );
    return bar;
  }

  function mount(root) {
    sheets = tableSheets();
    const choose = (of) => () => {
      setOption("table-sort", "");
      setOption("table-of", of);
    };
    parts.choices = h(
      "div",
      { class: "choices", role: "group", data: { label: "table-of" } },
      Object.keys(sheets).map((of) => h("button", { type: "button", data: { of }, on: { click: choose(of) } })),
    );
    const find = () => setOption("table-find", parts.find.value);
    const sort = () => setOption("table-sort", parts.sort.value);
    parts.find = h("input", { type: "search", autocomplete: "off", maxlength: 200, on: { input: find } });
    parts.sort = h("select", { on: { change: sort } });
    parts.told = h("p", { class: "told", role: "status" });
    parts.caption = h("caption", { id: "table-name" });
    parts.head = h("tr", { role: "row" });
    parts.body = h("tbody", { role: "rowgroup" });
    const top = h("thead", { role: "rowgroup" }, parts.head);
    parts.table = h("table", { id: "table", role: "table" }, parts.caption, top, parts.body);
    parts.scroll = h("div", { class: "scroll", role: "region", tabindex: 0, "aria-labelledby": "table-name" }, parts.table);
    parts.bars = [pager("table-above"), pager("table-below")];
    root.append(
      h(
        "div",
        { class: "rail" },
        parts.choices,
        h("label", { class: "find" }, h("span", { t: "table-find" }), parts.find),
        h("label", { class: "sort" }, h("span", { t: "table-sort" }), parts.sort),
      ),
      h("div", { class: "rail" }, parts.told, parts.bars[0]),
      parts.scroll,
      parts.bars[1],
    );
  }

  return {
    word: "view-table",
    mount,
    update(changes) {
      if (changes.has("language")) orders.clear();
      if (["filter", "language", "options", "open"].some((change) => changes.has(change))) {
        arrange();
        write();
      }
      if (changes.has("selection") || changes.has("open")) {
        follow();
        mark();
      }
    },
    /** The whole table as it is sorted and searched, for a CSV file. */
    rows: () => sheetRows(sheet(), rows),
    home() {
      setOption("table-find", "");
      setOption("table-sort", "");
    },
  };
})();
