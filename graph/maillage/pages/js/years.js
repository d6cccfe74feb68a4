/* The two-handled year filter: how many links start in each year, and from which year to which they
   are shown. Both ends count; state.js compares them with what a link's date may mean. */

/** The years that an axis shows: all, unless a few lie so far back that they would crush the rest.
    Then `from` is where the others begin, and what is earlier belongs to its first year. */
const yearAxis = (() => {
  const LONG = 130;
  if (!yearSpan) return null;
  const [first, last] = yearSpan;
  if (last - first <= LONG) return { from: first, to: last, cut: false };
  const starts = [];
  for (let link = 0; link < LINKS; link += 1) if (dated[link]) starts.push(firstYear[link]);
  starts.sort((a, b) => a - b);
  const common = starts[Math.floor(starts.length * 0.02)] ?? first;
  const from = Math.max(first, Math.min(Math.floor(common / 10) * 10, last - LONG));
  return { from, to: last, cut: from > first };
})();

/** Puts the filter into an element; `update` brings it up to the state. There must be a date. */
function yearFilter(root) {
  const { from: first, to: last, cut } = yearAxis;
  const count = last - first + 1;
  const PAGE = 5;
  const every = new Uint32Array(count);
  const bin = (start) => Math.max(0, start - first);
  for (let link = 0; link < LINKS; link += 1) if (dated[link]) every[bin(firstYear[link])] += 1;
  const tallest = Math.max(1, ...every);

  const column = (index, kind) => s("rect", { class: kind, x: index + 0.08, width: 0.84, y: 0, height: 0 });
  const pale = Array.from(every, (_, index) => column(index, "pale"));
  const dark = Array.from(every, (_, index) => column(index, "dark"));
  // The root keeps one link visible beside hundreds.
  const rise = (rect, n) => {
    const height = 100 * Math.sqrt(n / tallest);
    rect.setAttribute("y", 100 - height);
    rect.setAttribute("height", height);
  };
  pale.forEach((rect, index) => rise(rect, every[index]));
  const veils = ["left", "right"].map(() => s("rect", { class: "veil", y: 0, height: 100 }));
  const picture = s(
    "svg",
    { viewBox: `0 0 ${count} 100`, preserveAspectRatio: "none", "aria-hidden": "true" },
    ...pale,
    ...dark,
    ...veils,
  );

  let ends = [first, last];
  /** The whole axis is no filter at all, so that what lies before its first year stays in. */
  function ask(which, wanted) {
    const next = [...ends];
    const least = which ? ends[0] : first;
    const most = which ? last : ends[1];
    next[which] = Math.min(most, Math.max(least, wanted));
    if (next[which] === ends[which]) return;
    const [from, to] = next;
    if (from === first && to === last) setYears(null);
    else setYears([from === first ? yearSpan[0] : from, to]);
  }

  const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -PAGE, PageUp: PAGE };
  function handle(which) {
    const button = h("button", {
      type: "button",
      class: "handle",
      role: "slider",
      data: { label: which ? "years-to" : "years-from" },
    });
    button.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (step) ask(which, ends[which] + step);
      else if (event.key === "Home") ask(which, first);
      else if (event.key === "End") ask(which, last);
      else return;
      event.preventDefault();
    });
    button.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      button.setPointerCapture(event.pointerId);
      button.focus();
      event.preventDefault();
    });
    // One step a frame at most: a pointer reports faster than ten thousand links are filtered.
    let pending = 0;
    button.addEventListener("pointermove", (event) => {
      if (!button.hasPointerCapture(event.pointerId)) return;
      const box = picture.getBoundingClientRect();
      const edge = ((event.clientX - box.left) / box.width) * count;
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(() => ask(which, first + Math.round(edge) - which));
    });
    return button;
  }
  const handles = [handle(0), handle(1)];

  // What is being typed stays as it is until it is handed over, whatever else changes meanwhile.
  let typing = null;
  function field(which) {
    const input = h("input", { type: "number", min: first, max: last, step: 1, inputmode: "numeric" });
    input.addEventListener("input", () => (typing = input));
    input.addEventListener("change", () => {
      typing = null;
      if (input.value !== "") ask(which, Math.round(Number(input.value)));
      update();
    });
    input.addEventListener("blur", () => {
      typing = null;
      update();
    });
    return h("label", {}, h("span", { t: which ? "years-to" : "years-from" }), input);
  }
  const fields = [field(0), field(1)];
  const undated = h("input", { type: "checkbox", on: { change: () => setOption("undated", Number(undated.checked)) } });
  const reset = h("button", { type: "button", t: "years-reset", on: { click: () => setYears(null) } });
  const said = h("p", { class: "said" });

  function update() {
    const [from, to] = years ?? [first, last];
    ends = [Math.min(last, Math.max(first, from)), Math.max(first, Math.min(last, to))];
    const now = new Uint32Array(count);
    for (let link = 0; link < LINKS; link += 1) {
      if (dated[link] && shown.links[link]) now[bin(firstYear[link])] += 1;
    }
    dark.forEach((rect, index) => rise(rect, now[index]));
    const edges = [ends[0] - first, ends[1] - first + 1];
    veils[0].setAttribute("x", 0);
    veils[0].setAttribute("width", edges[0]);
    veils[1].setAttribute("x", edges[1]);
    veils[1].setAttribute("width", count - edges[1]);
    handles.forEach((button, which) => {
      button.style.left = `${(100 * edges[which]) / count}%`;
      // Each end stops at the other.
      button.setAttribute("aria-valuemin", which ? ends[0] : first);
      button.setAttribute("aria-valuemax", which ? last : ends[1]);
      button.setAttribute("aria-valuenow", ends[which]);
      const earlier = cut && !which && ends[0] === first;
      button.setAttribute("aria-valuetext", earlier ? t("years-before", { n: first }) : String(ends[which]));
    });
    // Where both stand at one end of the axis, the one that can still move lies on top.
    handles[0].classList.toggle("top", ends[0] > first + count / 2);
    fields.forEach((label, which) => {
      const input = label.querySelector("input");
      if (input !== typing) input.value = ends[which];
    });
    undated.checked = option("undated") === "1";
    reset.disabled = !years;
    said.textContent = cut ? t("years-cut", { n: first, first: yearSpan[0] }) : "";
    said.hidden = !cut;
  }

  const ticks = [first, last].map((year) => h("span", { text: String(year) }));
  root.append(
    h(
      "div",
      { class: "year-filter", role: "group", data: { label: "years" } },
      h("p", { t: "years-hint" }),
      h("div", { class: "scale" }, h("div", { class: "track" }, picture, ...handles), h("div", { class: "ticks", "aria-hidden": "true" }, ...ticks)),
      h("div", { class: "ends" }, ...fields, reset),
      h("label", { class: "undated" }, undated, h("span", { t: "years-undated" })),
      said,
    ),
  );
  update();
  return { update };
}
