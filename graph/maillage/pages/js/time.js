/* Time: when links begin and end, and the events beside them. */

declare("time-by", { default: "state", values: ["state", "kind"] });

views.time = (() => {
  const EXPORTED = 1400; // pixels: the width of the drawing as a document, whatever the screen's
  const PAGE = 10;
  let root, scroll, said, count, keys, filter;
  let drawing = null;
  let items = new Map(); // each thing drawn, its row and place in the row, by its element
  let stop = null; // the item that the Tab key reaches
  let wide = 0;
  let shownAt = 0; // where it was scrolled to, to show what is selected
  let top = 0; // how far it is scrolled: asking while drawing would lay the page out twice

  function draw() {
    behind.shut(false);
    if (!yearSpan) {
      scroll.replaceChildren(h("p", { class: "none", t: "time-none" }));
      return;
    }
    const held = scroll.contains(document.activeElement) && document.activeElement !== scroll;
    drawing = timeline.draw(wide, "time");
    const { svg, rows } = drawing;
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", t("time-drawing"));
    items = new Map();
    rows.forEach((row, at) => row.forEach((item, place) => items.set(item.element, { ...item, at, place })));
    for (const [element, { label }] of items) {
      element.setAttribute("role", "button");
      element.setAttribute("tabindex", "-1");
      element.setAttribute("aria-label", label);
    }
    scroll.replaceChildren(svg);
    stop = rows.find((row) => row.length)?.[0].element ?? null;
    if (stop) rove([], stop, held);
    follow();
    sayCount();
    sayKeys();
    tellOf(null);
    mark();
  }

  /** The years stay in sight while one scrolls down to later links. */
  function follow() {
    drawing?.axis.setAttribute("transform", `translate(0 ${top})`);
  }

  function sayCount() {
    const without = [];
    for (let link = 0; link < LINKS; link += 1) if (shown.links[link] && !dated[link]) without.push(link);
    count.replaceChildren(t("time-count", { n: number(drawing.dated) }));
    if (without.length) {
      const words = t("time-undated", { n: number(without.length) });
      const list = () => behind.open(button, words, without, null);
      const button = h("button", { type: "button", text: words, on: { click: list } });
      count.append(" ", button);
    }
    if (!drawing.few) count.append(" ", t("time-many", { n: number(timeline.MOST_BARS) }));
  }

  function sayKeys() {
    const key = (picture, name) => h("li", {}, s("svg", { viewBox: "0 0 26 16", width: 26, height: 16, "aria-hidden": "true" }, picture), name);
    const ink = { fill: "#1a1a1a" };
    const group = drawing.groups.map(({ name }, i) => key(timeColours.swatch(i, "time"), name));
    const shapes = [
      key(s("path", { d: "M8 0l8 8l-8 8l-8 -8Z", ...ink }), t("time-key-edition")),
      key(s("circle", { cx: 8, cy: 8, r: 6.5, ...ink }), t("time-key-event")),
      key(s("rect", { x: 1, y: 3, width: 24, height: 10, fill: "#ffffff", stroke: "#2b2b2b", "stroke-dasharray": "3 3" }), t("time-key-vague")),
    ];
    if (drawing.few) shapes.push(key(s("rect", { width: 26, height: 16, fill: "url(#time-fade-0)" }), t("time-key-open")));
    keys.replaceChildren(...group, ...shapes);
  }

  function tellOf(item) {
    said.textContent = item ? item.label : t("time-hint");
  }

  function mark() {
    const things = { on: selection, near: hovered };
    for (const [name, thing] of Object.entries(things)) {
      const about = linksAbout(thing);
      for (const [element, { thing: own, links }] of items) {
        const isIt = Boolean(thing && own && own.type === thing.type && own.i === thing.i);
        element.classList.toggle(name, isIt || Boolean(about.size && links?.some((link) => about.has(link))));
      }
    }
  }

  function act(item) {
    if (item.thing) {
      select(item.thing.type, item.thing.i);
      return;
    }
    behind.open(item.element, item.title, item.links, () => setYears(item.span), "time-narrow");
  }

  /** Left and right within a lane, up and down from lane to lane, to what stands nearest. */
  function go(key) {
    const { rows } = drawing;
    const { at, place, x } = items.get(stop);
    const row = rows[at];
    const along = { ArrowLeft: place - 1, ArrowRight: place + 1 }[key];
    const across = { ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - PAGE, PageDown: at + PAGE, Home: 0, End: rows.length - 1 }[key];
    if (along !== undefined && row.length > 1) return row[Math.max(0, Math.min(row.length - 1, along))];
    const wanted = across ?? (along < place ? at - 1 : at + 1);
    const other = rows[Math.max(0, Math.min(rows.length - 1, wanted))];
    if (!other.length) return items.get(stop);
    return other.reduce((best, item) => (Math.abs(item.x - x) < Math.abs(best.x - x) ? item : best));
  }

  const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];
  function onKey(event) {
    const item = items.get(event.target.closest(".item"));
    if (!item) return;
    if (KEYS.includes(event.key)) {
      const next = go(event.key).element;
      rove([stop], next, true);
      stop = next;
    } else if (event.key === "Enter" || event.key === " ") act(item);
    else return;
    event.preventDefault();
  }

  function listen() {
    const itemAt = (event) => items.get(event.target.closest?.(".item"));
    const point = (event) => {
      const item = itemAt(event);
      tellOf(item);
      hover(item?.thing?.type ?? null, item?.thing?.i);
    };
    scroll.addEventListener("keydown", onKey);
    scroll.addEventListener("pointerover", point);
    scroll.addEventListener("focusin", point);
    scroll.addEventListener("pointerleave", () => {
      tellOf(null);
      hover(null);
    });
    scroll.addEventListener("scroll", () => {
      top = scroll.scrollTop;
      follow();
    });
    scroll.addEventListener("click", (event) => {
      const item = itemAt(event);
      if (!item) return;
      rove([stop], item.element, true);
      stop = item.element;
      act(item);
    });
  }

  /** The drawing as a document, with its heading and the meaning of its colours. */
  function standalone() {
    const HEAD = 78;
    const title = text(D.title);
    const written = (words, x, y, props) => s("text", { x, y, fill: "#1a1a1a", "font-size": 13, ...props, text: words });
    const nothing = () => {
      const svg = s("svg", { xmlns: SVG, width: EXPORTED, "font-family": faces() }, written(t("time-none"), 40, 0));
      return { svg, groups: [], width: EXPORTED, height: 20 };
    };
    const { svg, groups, width, height } = yearSpan ? timeline.draw(EXPORTED, "exported") : nothing();
    const body = s("g", { transform: `translate(0 ${HEAD})` }, ...svg.childNodes);
    let left = 40;
    const legend = groups.flatMap(({ name }, i) => {
      const at = left;
      left += 22 + textWidth(name, 13) + 22;
      return [s("g", { transform: `translate(${at} 50)` }, timeColours.swatch(i, "exported")), written(name, at + 22, 63)];
    });
    svg.replaceChildren(
      s("title", { text: title }),
      s("rect", { width, height: height + HEAD, fill: "#ffffff" }),
      written(title, 40, 34, { "font-size": 20, "font-weight": "bold" }),
      ...legend,
      body,
    );
    svg.setAttribute("height", height + HEAD);
    svg.setAttribute("viewBox", `0 0 ${width} ${height + HEAD}`);
    return new XMLSerializer().serializeToString(svg);
  }

  return {
    word: "view-time",
    mount(element) {
      root = element;
      said = h("p", { class: "said" });
      count = h("p", { class: "count" });
      keys = h("ul", { class: "keys" });
      scroll = h("div", { class: "scroll", tabindex: "0", role: "region", data: { label: "time-region" } });
      const menu = choice("time-by", "time-by", ["state", "kind"].map((by) => [by, { t: `time-by-${by}` }]));
      const strip = h("div", { class: "strip" });
      if (yearSpan) filter = yearFilter(strip);
      root.append(h("div", { class: "choices" }, menu, count), strip, said, scroll, keys);
      listen();
      wide = scroll.clientWidth;
      draw();
    },
    update(changes) {
      if (changes.has("options")) syncChoices(root);
      if (["filter", "language", "options"].some((change) => changes.has(change))) filter?.update();
      const width = changes.has("size") ? scroll.clientWidth : wide;
      const resized = width !== wide;
      wide = width;
      const redrawn = resized || ["filter", "language", "options", "open"].some((change) => changes.has(change));
      if (redrawn) draw();
      else if (changes.has("selection") || changes.has("hover")) mark();
      // What is selected stays in sight when the frame changes, unless a person has scrolled away.
      const untouched = changes.has("size") && scroll.scrollTop === shownAt;
      if (redrawn || untouched) scroll.scrollTop = 0;
      if (redrawn || untouched || changes.has("selection")) {
        const chosen = all(".item.on", scroll).filter((element) => items.get(element).thing);
        reveal(scroll, chosen.map((element) => element.lastChild));
        shownAt = scroll.scrollTop;
      }
    },
    svg: standalone,
  };
})();
