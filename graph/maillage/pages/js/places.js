/* Places: France and China side by side, the flows between their areas, and the world at a glance. */

declare("places-scope", { default: "panels", values: ["panels", "world"] });
declare("places-open", { default: "", check: (keys) => keys === "" || keys.split(",").every((key) => D.areas.key.includes(key)) });

views.places = (() => {
  const AROUND = 84; // pixels of height that the bar and the notes take
  const LISTED = 50;
  const { named, counted, pairOf, panelName } = placesFigure;

  let root, bar, map, svg, buttons, notes, zooming;
  let joined; // the parties on the maps, made when the view opens
  let layers = {};
  let scene = null; // what is drawn: nodes, flows and where the panels lie
  let pointed = null; // the flow or the country under the pointer or the focus
  let returning = null; // the node that takes the focus when the picture is drawn again
  const stops = {}; // what the Tab key reaches in each group, by key

  const openKeys = () => option("places-open").split(",").filter(Boolean);
  const isWorld = () => !joined.panels.length || (joined.hasElsewhere && option("places-scope") === "world");

  // ---- drawing ----------------------------------------------------------------------------------

  function gather() {
    const world = isWorld();
    const found = world ? joined.onWorld() : joined.onPanels(new Set(openKeys()));
    // On a small screen the page scrolls, and the view is as high as it needs.
    const height = matchMedia("(max-width: 62rem)").matches ? Infinity : root.clientHeight - AROUND;
    scene = atlas.scene(found, world ? ["world"] : joined.panels, map.clientWidth, height, placesZoom.seen);
  }

  function draw() {
    const held = svg.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    pointed = null;
    gather();
    const { frames, nodes, flows } = scene;
    const group = (key, label, things) => s("g", { role: "group", "aria-label": label, data: { group: key } }, ...things);
    const said = t("places-flows");
    layers = {
      flows: group("flows", said, flows.map((flow) => placesFigure.flowOf(scene, flow))),
      nodes: frames.panels.map((panel) => {
        const here = nodes.filter((node) => node.isSeen && node.panel === panel.key);
        return group(panel.key, panelName(panel.key), here.map(placesFigure.nodeOf));
      }),
      labels: s("g", { class: "labels", "aria-hidden": "true" }),
    };
    const legend = placesLegend.draw(scene);
    const height = Math.ceil(Math.max(frames.height, legend.bottom));
    svg.replaceChildren(
      ...frames.panels.map((panel) => placesFigure.panelOf(scene, panel)),
      layers.flows,
      ...layers.nodes,
      layers.labels,
      legend.group,
    );
    svg.setAttribute("viewBox", `0 0 ${frames.width} ${height}`);
    svg.setAttribute("aria-label", t("places-map", { names: frames.panels.map(({ key }) => panelName(key)).join(" | ") }));
    svg.style.height = `${height}px`;
    svg.classList.toggle("enlarged", frames.panels.some((panel) => placesZoom.seen(panel).times > 1));
    for (const layer of [layers.flows, ...layers.nodes]) setStop(layer, stops[layer.dataset.group]);
    const back = returning ?? held;
    returning = null;
    if (back) refocus(back);
    refill(buttons, frames.panels.map(zooming.buttons));
    mark();
  }

  function setStop(layer, key, focus) {
    const members = [...layer.children];
    const to = members.find(({ dataset }) => dataset.key === key) ?? members[0];
    if (!to) return;
    stops[layer.dataset.group] = to.dataset.key;
    rove(members, to, focus);
  }

  /** Give the focus back to what had it, or to the parties of the area that was opened. */
  function refocus(key) {
    const [type, i] = key.split(":");
    const inside = type === "area" && scene.nodes.find((node) => node.type === "party" && D.parties.area[node.i] === Number(i));
    const wanted = [key, inside?.key];
    const to = [...svg.querySelectorAll("[data-key]")].find(({ dataset }) => wanted.includes(dataset.key));
    if (to) setStop(to.parentNode, to.dataset.key, true);
  }

  /** New contents of a box, in which the button of the same act keeps the focus. */
  function refill(box, contents) {
    const held = box.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    box.replaceChildren(...contents.filter(Boolean));
    if (held === null) return;
    const able = all("button:not(:disabled)", box);
    (able.find(({ dataset }) => dataset.act === held) ?? able[0])?.focus();
  }

  // ---- emphasis ---------------------------------------------------------------------------------

  /** The links of what is pointed at or chosen; those of its partners, too, at depth 2. */
  function linksOf(thing) {
    const links = linksAbout(thing);
    if (thing.type === "party" && option("depth") === "2") {
      for (const link of [...links]) for (const party of D.links.parties[link]) for (const next of partyLinks[party]) links.add(next);
    }
    return links;
  }

  function isNodeOf(node, thing) {
    const { type, i } = thing;
    if (node.type === type) return node.i === i;
    if (type === "event") return D.events.parties[i].some((party) => isNodeOf(node, { type: "party", i: party }));
    if (type === "party") return node.type === "area" ? D.parties.area[i] === node.i : node.type === "country" && D.parties.country[i] === node.i;
    return type === "area" && node.type === "party" && D.parties.area[node.i] === i;
  }

  /** Which nodes and flows stand out, and which nodes are meant themselves; null where all are alike. */
  function emphasis() {
    const thing = hovered ?? selection;
    if (!pointed && !thing) return null;
    const links = pointed?.links ?? linksOf(thing);
    const touches = ({ links: own }) => {
      const [few, many] = own.size < links.size ? [own, links] : [links, own];
      for (const link of few) if (many.has(link)) return true;
      return false;
    };
    const flows = pointed?.a ? [pointed] : scene.flows.filter(touches);
    const core = scene.nodes.filter((node) => (pointed ? node === pointed : isNodeOf(node, thing)));
    const inside = pointed ? [] : scene.nodes.filter((node) => thing.type !== "party" && thing.type !== "area" && touches(node));
    const nodes = [...flows.flatMap(({ a, b }) => [a, b]), ...core, ...inside];
    if (!nodes.length) return null;
    const keys = (things) => new Set(things.map(({ key }) => key));
    return { flows: keys(flows), nodes: keys(nodes), core: keys(core), flow: pointed?.a ? pointed : null };
  }

  function mark() {
    const on = emphasis();
    svg.classList.toggle("dim", on !== null);
    const chosen = selection && scene.nodes.filter((node) => isNodeOf(node, selection)).map(({ key }) => key);
    for (const element of layers.flows.children) element.classList.toggle("on", Boolean(on?.flows.has(element.dataset.key)));
    for (const layer of layers.nodes) {
      for (const element of layer.children) {
        element.classList.toggle("on", Boolean(on?.nodes.has(element.dataset.key)));
        element.classList.toggle("chosen", Boolean(chosen?.includes(element.dataset.key)));
      }
    }
    layers.labels.replaceChildren(...placesFigure.labelsOf(scene, on));
  }

  const thingAt = (target) => {
    const key = target.closest?.("[data-key]")?.dataset.key;
    return key ? scene.nodes.find((node) => node.key === key) ?? scene.flows.find((flow) => flow.key === key) : null;
  };
  function pointAt(thing) {
    // Flows and countries are things of this view only; what others know, they are told.
    const own = thing && (thing.a || thing.type === "country") ? thing : null;
    const isNew = own !== pointed;
    pointed = own;
    hover(thing && !own ? thing.type : null, thing?.i);
    if (isNew) mark();
  }

  // ---- doing ------------------------------------------------------------------------------------

  function setOpen(keys) {
    pointed = null;
    hover(null);
    setOption("places-open", keys.join(","));
  }

  function choose(element) {
    const thing = thingAt(element);
    if (thing.type === "area") setOpen([...openKeys(), D.areas.key[thing.i]]);
    else if (thing.type === "party") select("party", thing.i);
    else {
      const isFlow = Boolean(thing.a);
      const narrow = thing.type === "country" ? () => filterTo("country", D.facets.country.key[thing.i]) : null;
      behind.open(element, isFlow ? pairOf(thing) : named(thing), [...thing.links].sort((a, b) => a - b), narrow);
    }
  }

  function pressed(event) {
    const element = event.target.closest("[data-key]");
    if (!element) return;
    const layer = element.parentNode;
    const members = [...layer.children];
    const at = members.indexOf(element);
    const panel = scene.frames.panels.find(({ key }) => key === layer.dataset.group);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") choose(element);
    else if (panel && zooming.pressed(event, panel)) return;
    else if (step) setStop(layer, members[(at + step + members.length) % members.length].dataset.key, true);
    else if (event.key === "Home" || event.key === "End") setStop(layer, members.at(event.key === "Home" ? 0 : -1).dataset.key, true);
    else return;
    event.preventDefault();
  }

  // ---- around the figure --------------------------------------------------------------------------

  function drawBar() {
    const scope = (value, name) =>
      h("button", { type: "button", text: name, data: { act: value }, "aria-pressed": String((value === "world") === isWorld()), on: { click: () => setOption("places-scope", value) } });
    const open = isWorld() ? [] : openKeys();
    const shut = (key) => {
      returning = `area:${D.areas.key.indexOf(key)}`;
      setOpen(openKeys().filter((other) => other !== key));
    };
    const chip = (key) => {
      const name = areaName(D.areas.key.indexOf(key));
      return h("button", { type: "button", class: "chip", "aria-label": t("places-shut", { name }), on: { click: () => shut(key) } }, h("bdi", { text: name }), " ×");
    };
    const group = (name, word, ...children) => h("div", { class: name, role: "group", "aria-label": t(word) }, ...children);
    const shutAll = h("button", { type: "button", t: "places-shut-all", on: { click: () => setOpen([]) } });
    refill(bar, [
      joined.hasElsewhere && joined.panels.length &&
        group("scopes", "places-scope", scope("panels", joined.panels.map(panelName).join(" | ")), scope("world", panelName("world"))),
      open.length > 0 && group("opened", "places-opened", h("span", { t: "places-opened" }), ...open.map(chip), open.length > 1 && shutAll),
      !isWorld() && !open.length && h("p", { class: "hint", t: "places-hint" }),
    ]);
  }

  function drawNotes() {
    const { inside, beyond, missing } = scene;
    const list = (word, links) => {
      if (!links.length) return null;
      const items = links.slice(0, LISTED).map((link) =>
        h("li", {}, h("button", { type: "button", class: "open", on: { click: () => select("link", link) } }, h("bdi", { text: linkName(link) }))),
      );
      const left = links.length - items.length;
      const rest = left ? h("li", { text: t("places-more", { n: number(left) }) }) : null;
      return h("details", {}, h("summary", { text: t(word, { links: counted(links.length) }) }), h("ul", {}, ...items, rest));
    };
    notes.replaceChildren(
      ...[list("places-missing", missing), list("places-beyond", beyond), list("places-inside", inside)].filter(Boolean),
    );
  }

  return {
    word: "view-places",
    mount(element) {
      root = element;
      joined = joinedPlaces();
      bar = h("div", { class: "places-bar" });
      svg = s("svg", { class: "figure", role: "group", on: { keydown: pressed } });
      zooming = placesZoom.on(svg, () => scene);
      buttons = h("div", {});
      map = h("div", { class: "map" }, buttons, svg);
      notes = h("div", { class: "places-notes" });
      root.append(bar, map, notes);
      svg.addEventListener("click", ({ target }) => {
        const element = target.closest("[data-key]");
        if (element && !zooming.isDragged()) choose(element);
      });
      svg.addEventListener("pointerover", ({ target }) => pointAt(thingAt(target)));
      svg.addEventListener("pointerleave", () => pointAt(null));
      // Listening to the focus on the figure itself would make it a stop of its own in some browsers.
      map.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && pointAt(thingAt(target)));
      map.addEventListener("focusout", () => pointAt(null));
    },
    update(changes) {
      const isMarked = [...changes].every((change) => change === "hover" || change === "selection");
      if (isMarked && scene) {
        mark();
        return;
      }
      drawBar();
      draw();
      drawNotes();
    },
    svg: () => svgText(svg),
    home() {
      setOption("places-zoom", "");
      setOption("places-open", "");
    },
  };
})();
