// The bar of filters: one folding list for each attribute, with how many links each value would leave.
const MOST_VALUES = 12; // shown before “more”, the most frequent first

const fact = (facet, i) => (i < D.facets[facet].key.length ? text(D.facets[facet].text[i]) : t("not-documented"));
const keyAt = (facet, i) => D.facets[facet].key[i] ?? "";

/** The list of one facet: values by number of links in the whole page, which never changes their order. */
function facetList(facet) {
  const { from, values, size } = valued[facet];
  const totals = new Uint32Array(size);
  for (let v = 0; v < from[LINKS]; v++) totals[values[v]] += 1;
  const order = [...totals.keys()].filter((i) => totals[i]).sort((a, b) => totals[b] - totals[a] || a - b);
  // What is not documented stands last, whatever its number.
  const unknown = size - 1;
  if (order.includes(unknown)) order.push(order.splice(order.indexOf(unknown), 1)[0]);
  if (order.length < 2) return null;
  const boxes = order.map((i) => {
    const box = h("input", {
      type: "checkbox",
      data: { facet, key: keyAt(facet, i) },
      on: {
        change: () => {
          const keys = new Set(chosen[facet]);
          if (box.checked) keys.add(keyAt(facet, i));
          else keys.delete(keyAt(facet, i));
          setFacet(facet, keys);
        },
      },
    });
    const count = h("span", { class: "count" });
    const name = i === unknown ? h("span", { t: "not-documented" }) : h("bdi", { ref: D.facets[facet].text[i] });
    return { i, box, count, row: h("li", {}, h("label", {}, box, name, count)) };
  });
  const list = h("ul", {}, boxes.slice(0, MOST_VALUES).map(({ row }) => row));
  const inside = [list];
  if (order.length > MOST_VALUES) {
    // A long list gets a box to find in it; what is chosen stays in sight.
    const find = h("input", {
      type: "search",
      autocomplete: "off",
      data: { label: `find-${facet}` },
      "aria-label": t(`find-${facet}`),
      on: { input: () => pick() },
    });
    const told = h("p", { class: "told" });
    const pick = () => {
      const asked = fold(find.value);
      const fit = boxes.filter(({ i, box }) => box.checked || !asked || fold(fact(facet, i)).includes(asked));
      const few = [...fit.filter(({ box }) => box.checked), ...fit.filter(({ box }) => !box.checked)].slice(0, asked ? 60 : MOST_VALUES);
      list.replaceChildren(...boxes.filter((one) => few.includes(one)).map(({ row }) => row));
      told.textContent = fit.length > few.length ? t("more-values", { n: number(fit.length - few.length) }) : "";
    };
    inside.unshift(find);
    inside.push(told);
    boxes.pick = pick;
    pick();
  }
  const badge = h("span", { class: "badge" });
  const details = h("details", { data: { facet } }, h("summary", {}, h("span", { t: facet === "theme" ? "themes" : facet === "source" ? "sources" : facet }), badge), h("div", { class: "drop" }, inside));
  return {
    details,
    update(changes) {
      for (const { i, box, count, row } of boxes) {
        box.checked = chosen[facet].has(keyAt(facet, i));
        const n = counts[facet][i];
        count.textContent = number(n);
        row.classList.toggle("none", n === 0 && !box.checked);
      }
      badge.textContent = chosen[facet].size ? number(chosen[facet].size) : "";
      if (changes.has("language") || changes.has("open")) boxes.pick?.();
    },
  };
}

function mountFilters(bar) {
  const lists = FACETS.map(facetList).filter(Boolean);
  bar.append(...lists.map(({ details }) => details));
  let strip = null;
  if (yearSpan) {
    const drop = h("div", { class: "drop years", id: "years" });
    const badge = h("span", { class: "badge" });
    const details = h("details", { data: { facet: "years" } }, h("summary", {}, h("span", { t: "years" }), badge), drop);
    bar.append(details);
    const filter = yearFilter(drop);
    strip = {
      update(changes) {
        badge.textContent = years ? (years[0] === years[1] ? String(years[0]) : `${years[0]}–${years[1]}`) : "";
        filter?.update?.(changes);
      },
    };
  }
  // One list is open at a time; a click elsewhere or Escape folds it.
  const folding = all("details", bar);
  for (const details of folding) {
    details.addEventListener("toggle", () => {
      if (!details.open) return;
      for (const other of folding) if (other !== details) other.open = false;
      keepInside(details);
    });
  }
  document.addEventListener("pointerdown", (event) => {
    for (const details of folding) if (!details.contains(event.target)) details.open = false;
  });
  bar.addEventListener("keydown", (event) => {
    const open = folding.find((details) => details.open);
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    open.open = false;
    open.querySelector("summary").focus();
  });
  return (changes) => {
    for (const one of [...lists, ...(strip ? [strip] : [])]) one.update(changes);
  };
}
