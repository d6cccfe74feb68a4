// What a reader takes away: the picture, the rows behind it, and how to cite the view.
const DANGEROUS = /^'*[=+\-@\t\r\n＝＋－＠]/;
const NUMERIC = /^[+-]?\d+(\.\d+)?$/;
/** A cell that no spreadsheet runs as a formula. */
const defang = (cell) => (DANGEROUS.test(cell) && !NUMERIC.test(cell) ? `'${cell}` : cell);

/** A table as text: RFC 4180, lines end in CRLF. */
function csv(heads, rows) {
  const cell = (value) => {
    const safe = defang(String(value ?? ""));
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [heads, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

/** The shown links, one a row, as the table tells them. */
const linkRows = () => sheetRows(tableSheets().links, [...shown.links.keys()].filter((i) => shown.links[i]));

/** How to cite what is shown: title, what it was narrowed to, edition, address. */
function citation() {
  const facts = Object.fromEntries(D.facts.map(([name, value]) => [name, text(value)]));
  const parts = [text(D.title), ...described()];
  return t("citation", {
    title: parts.join(t("comma")),
    view: t(views[view].word),
    links: number(shown.count.links),
    version: facts[D.facts[0]?.[0]] ?? "",
    base: D.base,
    state: fragment(),
  });
}

/** The filters in words, for titles and citations. */
function described() {
  const parts = [];
  for (const facet of FACETS) {
    const names = [...chosen[facet]].map((key) => (key ? text(D.facets[facet].text[D.facets[facet].key.indexOf(key)]) : t("not-documented")));
    if (names.length) parts.push(`${t(facet === "theme" ? "themes" : facet === "source" ? "sources" : facet)}${t("colon")}${names.join(t("comma"))}`);
  }
  if (years) parts.push(`${t("years")}${t("colon")}${years[0]}–${years[1]}`);
  return parts;
}

function save(blob, suffix) {
  const address = URL.createObjectURL(blob);
  const name = fold(text(D.title)).replaceAll(" ", "-").slice(0, 60) || "maillage";
  h("a", { href: address, download: `${name}-${view}.${suffix}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** An SVG document as a PNG, twice as fine, on white. */
async function rasterised(svg) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = h("canvas", { width: 2 * picture.naturalWidth, height: 2 * picture.naturalHeight });
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

const exporting = {
  async png() {
    save((await views[view].png?.()) ?? (await rasterised(views[view].svg())), "png");
  },
  svg() {
    save(new Blob([views[view].svg()], { type: "image/svg+xml" }), "svg");
  },
  csv() {
    const { heads, rows } = views[view].rows?.() ?? linkRows();
    // Excel takes UTF-8 for what it is only when the file says so.
    save(new Blob(["\ufeff", csv(heads, rows)], { type: "text/csv;charset=utf-8" }), "csv");
  },
  cite() {
    const dialog = document.getElementById("citation");
    dialog.querySelector("textarea").value = citation();
    dialog.showModal();
  },
};

function mountExports(bar) {
  const menu = h("details", { class: "exports" }, h("summary", { t: "export" }));
  const drop = h("div", { class: "drop" });
  for (const kind of Object.keys(exporting)) {
    drop.append(h("button", { type: "button", data: { export: kind }, t: `export-${kind}`, on: { click: () => ((menu.open = false), exporting[kind]()) } }));
  }
  menu.append(drop);
  menu.addEventListener("toggle", () => menu.open && keepInside(menu));
  bar.append(menu);
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  const told = h("textarea", { readonly: true, rows: 6, id: "cited", "aria-labelledby": "cite-head" });
  const dialog = h(
    "dialog",
    { id: "citation", "aria-labelledby": "cite-head" },
    h("h2", { id: "cite-head", t: "export-cite" }),
    told,
    h("p", { class: "actions" },
      h("button", { type: "button", t: "copy", on: { click: () => copied(told) } }),
      h("button", { type: "button", t: "close", on: { click: () => dialog.close() } })),
  );
  // The button that opened it is folded away again.
  dialog.addEventListener("close", () => menu.querySelector("summary").focus());
  document.body.append(dialog);
  return () => {
    // A table is no picture.
    const drawn = Boolean(views[view].svg);
    for (const kind of ["png", "svg"]) drop.querySelector(`[data-export=${kind}]`).disabled = !drawn;
  };
}

/** Copy a text; where the browser does not let a file do that, it is selected for the person to copy. */
async function copied(area) {
  area.focus();
  area.select();
  try {
    await navigator.clipboard.writeText(area.value);
    announce(t("copied"));
  } catch {
    announce(t("selected"));
  }
}
