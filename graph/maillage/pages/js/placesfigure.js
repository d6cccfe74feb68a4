/* The figure of the maps: land, flows, circles, names and legend, drawn from a scene {nodes, flows,
   frames, seen(panel), radius(n), width(n), most, busiest} in which nodes have been laid out. */

const placesFigure = (() => {
  const LETTERS = 12.5; // pixels
  const SMALL_LETTERS = 10.5;
  const TARGET = 12; // half the side of the square in which a pointer reaches a circle
  const MANY_FLOWS = 300; // from here on a line is as wide to the pointer as to the eye

  const named = ({ type, i }) =>
    ({ area: () => areaName(i), party: () => partyName(i), country: () => text(D.facets.country.text[i]) })[type]();
  const counted = (n) => t(n === 1 ? "places-link" : "places-links", { n: number(n) });
  /** What is said of a thing on the figure: its name, and under it the number of its links. */
  function spoken(name, { size }) {
    const [above, below] = [labelled(name, true), labelled(counted(size), true)];
    return { lines: [...above.lines, ...below.lines], width: Math.max(above.width, below.width) };
  }
  const toldNode = (node) => t("places-of", { name: named(node), links: counted(node.links.size) });
  const pairOf = ({ a, b }) => t("places-between", { a: named(a), b: named(b) });
  const toldFlow = (flow) => t("places-of", { name: pairOf(flow), links: counted(flow.links.size) });
  const panelName = (key) => t(`places-panel-${key}`);

  function panelOf(scene, panel) {
    const { minX, minY, w, h: tall } = panel.frame;
    const seen = scene.seen(panel);
    const pixel = 1 / panel.scale / seen.times;
    const ground = s(
      "svg",
      {
        x: panel.left, y: panel.top, width: panel.width, height: panel.height, preserveAspectRatio: "none",
        viewBox: `${seen.x} ${seen.y} ${w / seen.times} ${tall / seen.times}`,
      },
      s("rect", { class: "sea", x: minX, y: minY, width: w, height: tall }),
      s("path", { class: "land", d: D.land[panel.key], "stroke-width": 0.8 * pixel }),
    );
    if (panel.key === "fr") {
      const mainland = D.land.frames.mainland[3];
      ground.append(s("rect", { class: "below", x: minX, y: mainland, width: w, height: D.land.insets[0].frame[1] - mainland }));
      for (const { frame: [x, y, width, height] } of D.land.insets) {
        ground.append(s("rect", { class: "inset", x, y, width, height, "stroke-width": pixel }));
      }
    }
    return s(
      "g",
      {},
      s("text", { class: "country", x: panel.left, y: panel.top - 11, text: panelName(panel.key) }),
      ground,
      s("rect", { class: "frame", x: panel.left, y: panel.top, width: panel.width, height: panel.height }),
    );
  }

  /** The end of a flow: at its circle or, where that is out of sight, at the edge of the panel. */
  function endOf(scene, node) {
    return node.isSeen ? node.at : atlas.clamped(scene.frames.panels.find(({ key }) => key === node.panel), node.at);
  }

  function flowOf(scene, flow) {
    const { a, b } = flow;
    const kind = a.panel === b.panel ? "arc" : scene.frames.isWide ? "across" : "down";
    const { d, middle } = atlas.curve(endOf(scene, a), endOf(scene, b), kind);
    flow.middle = middle;
    const width = scene.width(flow.links.size);
    // Beside areas that were opened, the flows of the others step back; those that lead out of sight, more.
    const back = !a.isSeen || !b.isSeen ? "out-of-sight" : scene.isOpened && a.type === "area" && b.type === "area" ? "beside" : "";
    const hit = scene.flows.length <= MANY_FLOWS && s("path", { class: "hit", d, "stroke-width": Math.max(width + 4, 12) });
    const line = s("path", {
      class: `line look-${flow.look}`, d, "stroke-width": width, "stroke-opacity": scene.opacity(flow),
      "stroke-dasharray": dashes[flow.look].join(" ") || null,
    });
    return s("g", { class: `flow ${back}`, role: "button", tabindex: "-1", "aria-label": toldFlow(flow), data: { key: flow.key } }, hit, line);
  }

  const inner = (x, y, size, fill, words) => s("text", { class: "inner", x, y: y + size * 0.36, "font-size": size, fill, text: words });
  /** A circle or a square as large; hollow without a fill. */
  function body(side, x, y, r, fill) {
    const props = fill ? { class: "body", fill } : { class: "body hollow" };
    const half = r * 0.89;
    return side
      ? s("rect", { x: x - half, y: y - half, width: 2 * half, height: 2 * half, ...props })
      : s("circle", { cx: x, cy: y, r, ...props });
  }

  function partyBody({ i, at: [x, y], reach: r, isAbout }) {
    const { fill, ink, mark } = lookOf(i);
    const letters = text(mark);
    return [
      body(D.parties.side[i], x, y, r, isAbout ? null : fill),
      r > 6.5 && inner(x, y, r * (columns(letters) > 2 ? 0.7 : 0.95), isAbout ? "#1a1a1a" : ink, letters),
    ];
  }
  function areaBody({ at: [x, y], reach: r, links }) {
    const n = number(links.size);
    return [
      s("circle", { class: "body area", cx: x, cy: y, r }),
      r > 8 && inner(x, y, Math.min(13, (r * 2.2) / Math.max(n.length, 1.7)), "#ffffff", n),
    ];
  }

  function nodeOf(node) {
    const [[x, y], [fromX, fromY]] = [node.at, node.home];
    const isMoved = Math.hypot(x - fromX, y - fromY) > node.reach + 4;
    const told = node.isAbout
      ? t("places-about", { told: toldNode(node), area: areaName(D.parties.area[node.i]) })
      : toldNode(node);
    return s(
      "g",
      {
        class: "node", role: "button", tabindex: "-1", "aria-label": told, data: { key: node.key },
        "aria-expanded": node.type === "area" ? "false" : null,
      },
      isMoved && s("line", { class: "leader", x1: fromX, y1: fromY, x2: x, y2: y }),
      s("circle", { class: "hit", cx: x, cy: y, r: Math.max(node.reach, TARGET) }),
      ...(node.type === "party" ? partyBody(node) : areaBody(node)),
    );
  }

  function labelOf({ align, left, top, width = 0, lines, size, bold }, [x, y]) {
    const anchor = { left: "start", center: "middle", right: "end" }[align];
    const across = x + left + { left: 0, center: width / 2, right: width }[align];
    const rows = lines.map((line, row) => s("tspan", { x: across, y: y + top + size * (LABEL_LEADING * row + 0.95), text: line }));
    return s("text", { class: "label", "text-anchor": anchor, "font-size": size, "font-weight": bold ? "bold" : null }, ...rows);
  }

  /** Names where they collide with nothing, most links first; `on` names what is pointed at or chosen. */
  function labelsOf(scene, on) {
    const taken = crowd();
    const drawn = scene.nodes.filter(({ isSeen }) => isSeen);
    for (const { key, at: [x, y], reach } of drawn) {
      // A name that begins at another circle would seem to be its name.
      taken.take({ owner: key, left: x - reach - 4, right: x + reach + 4, top: y - reach, bottom: y + reach });
    }
    const isPointed = ({ key }) => Boolean(on?.core.has(key));
    const labels = drawn
      .filter(({ key }) => !on || on.nodes.has(key))
      .sort((a, b) => isPointed(b) - isPointed(a))
      .map((node) => nameOf(scene, taken, node, isPointed(node)));
    return [...labels.filter(Boolean), ...(on ? [] : insetNames(scene, taken)), ...(on?.flow ? tipOf(scene, on.flow) : [])];
  }

  /** Where a name may stand around a circle: first where no flow leaves it, then askew. */
  function spots(r, wide, tall, order) {
    const askew = r * 0.72;
    const around = {
      right: ["left", r + 4, -tall / 2],
      left: ["right", -r - 4 - wide, -tall / 2],
      under: ["center", -wide / 2, r + 1],
      over: ["center", -wide / 2, -r - 1 - tall],
    };
    return [
      ...order.map((side) => around[side]),
      ["left", askew, -askew - tall],
      ["left", askew, askew],
      ["right", -askew - wide, askew],
      ["right", -askew - wide, -askew - tall],
    ];
  }
  const ORDERS = {
    fr: ["left", "under", "over", "right"],
    cn: ["right", "under", "over", "left"],
    inset: ["over", "under", "left", "right"],
    world: ["under", "over", "right", "left"],
    tall: ["right", "left", "over", "under"],
  };

  /** The name of a node where it collides with nothing; one that is pointed at is said in any case. */
  function nameOf({ frames }, taken, node, isPointed) {
    const { lines, width: ems } = isPointed ? spoken(named(node), node.links) : labelled(named(node), false);
    const [wide, tall] = [ems * LETTERS, lines.length * LETTERS * LABEL_LEADING];
    const [x, y] = node.at;
    const isInset = node.panel === "fr" && node.y > D.land.frames.mainland[3];
    const order = ORDERS[isInset ? "inset" : frames.isWide ? node.panel : "tall"];
    const places = spots(node.reach, wide, tall, order).map(([align, left, top]) => ({
      label: { align, left, top, width: wide, lines, size: LETTERS, bold: isPointed },
      box: { owner: node.key, left: x + left - 3, right: x + left + wide + 3, top: y + top, bottom: y + top + tall },
    }));
    const uncut = places.filter(({ box }) => box.left >= 0 && box.right <= frames.width && box.top >= 0 && box.bottom <= frames.height);
    const place = uncut.find(({ box }) => taken.free(box)) ?? (isPointed ? uncut[0] ?? places[0] : null);
    if (!place) return null;
    taken.take(place.box);
    return labelOf(place.label, node.at);
  }

  /** The frames of overseas authorities have their names where there is room and no circle says them. */
  function insetNames(scene, taken) {
    const panel = scene.frames.panels[0];
    if (panel.key !== "fr") return [];
    const seen = scene.seen(panel);
    return D.land.insets.flatMap(({ name, frame: [x, y, width] }) => {
      const at = atlas.onScreen(panel, seen, { x, y });
      const { lines, width: ems } = labelled(text(name));
      const [wide, tall] = [ems * SMALL_LETTERS + 6, lines.length * SMALL_LETTERS * LABEL_LEADING + 4];
      const box = { left: at[0], right: at[0] + wide, top: at[1], bottom: at[1] + tall };
      const hasRoom = wide <= width * panel.scale * seen.times && atlas.holds(panel, at) && taken.free(box);
      return hasRoom ? [labelOf({ align: "left", left: 4, top: 2, lines, size: SMALL_LETTERS }, at)] : [];
    });
  }

  /** What the flow that is pointed at joins, and how many links it is. */
  function tipOf({ frames }, flow) {
    const { lines, width: ems } = spoken(pairOf(flow), flow.links);
    const [wide, tall] = [ems * LETTERS + 16, lines.length * LETTERS * LABEL_LEADING + 10];
    const [x, y] = flow.middle;
    const left = Math.min(Math.max(x - wide / 2, 2), frames.width - wide - 2);
    const top = Math.min(Math.max(y - tall - 8, 2), frames.height - tall - 2);
    const label = { align: "center", left: 8, top: 5, width: wide - 16, lines, size: LETTERS, bold: true };
    return [s("rect", { class: "tip", x: left, y: top, width: wide, height: tall, rx: 4 }), labelOf(label, [left, top])];
  }

  return { named, counted, toldFlow, toldNode, pairOf, panelName, body, inner, panelOf, flowOf, nodeOf, labelsOf };
})();
