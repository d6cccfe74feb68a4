// The network view. vis-network is the stage: its canvas, its camera, dragging, wheel and pinch; it
// draws the parties while they are few enough for it. Lines, letters, names and what is lit are
// painted here, before and after it. Nothing moves unless somebody moves it.

views.network = (() => {
  const VIS_PARTIES = 2500; // beyond, vis-network takes longer for a picture than an eye allows
  const LIGHT = 600; // lines and parties that can be painted anew in each frame of a movement
  const REST = 120; // milliseconds without movement before the picture is painted crisply
  const ROOMY = 600; // up to so many parties, the layout leaves room around them for names
  const LEGIBLE = 6.5; // radius of a party, in pixels, in which a letter can be read
  const TRIED = 2500; // names for which room is looked for
  const PRIME = 12; // up to so many chosen parties are named whatever happens
  const NEAR = 5; // smallest radius of a party that is lit, in pixels
  const VEIL = 0.86;
  const FOCUS = "#d55e00";
  const dense = PARTIES > VIS_PARTIES;
  const heavy = LINES + PARTIES > LIGHT;
  const least = dense ? Math.max(1, 100 / Math.sqrt(PARTIES)) : 0;

  let frame, tools, legend, raised; // elements, and the promise that the picture stands in them
  let network, nodes, figure, photo, steer;
  let camera = null;
  let fitted = ""; // the size of the frame that the layout and the camera were made for
  let upright = false;
  let labels = null; // names set for the picture at rest
  let lit; // what is lit now; undefined when that must be worked out again
  let drawn = null; // which parties vis-network has been told to show
  let timer = 0;
  let [moving, dragging, crisp, asked, muted] = [false, false, false, false, false];
  // What the frame fits: "every" party, those "shown", or null where a person has moved the picture.
  let fits = "every";

  // Names.

  function nameAll() {
    labels = namesInView(figure, camera, { parties: figure.byDegree, tries: TRIED });
  }

  function kindle() {
    if (lit === undefined) {
      const thing = hovered ?? selection;
      lit = thing && figure.around(thing, Number(option("depth")));
      if (lit) Object.assign(lit, { thing, labels: null });
    }
    if (!lit || (lit.labels && moving)) return;
    const { parties, lines, centre } = lit;
    const prime = new Set(centre.length > PRIME ? [] : centre);
    lit.labels = namesInView(figure, { ...camera, least: NEAR }, { parties, lines, tries: 400, prime, before: labels });
  }

  // Painting.

  const at = (i, view) => [figure.x[i] * view.k + view.x, figure.y[i] * view.k + view.y];

  function paintNames(pen, view, some) {
    for (const label of some) paintLabel(pen, label, ...at(label.i, view));
  }

  function paintBase(pen, view) {
    figure.lines(pen, view);
    figure.parties(pen, view);
    figure.letters(pen, view);
    paintNames(pen, view, labels);
  }

  // Over a veil, what is chosen or pointed at with what it is linked to.
  function paintLit(pen, view) {
    if (!lit) return;
    const near = { ...view, least: NEAR };
    const { type } = lit.thing;
    pen.begin({ fill: "#ffffff", alpha: VEIL });
    pen.rect(0, 0, view.width, view.height);
    pen.end();
    if (type === "link") figure.underline(pen, near, lit.lines, FOCUS);
    figure.litLines(pen, near, lit.lines, type === "link" || type === "party" ? 2.2 : 1.4);
    figure.parties(pen, near, lit.parties);
    pen.begin({ stroke: FOCUS, width: 3 });
    for (const i of lit.centre) figure.outline(pen, near, i, 4);
    pen.end();
    figure.letters(pen, near, lit.parties);
    paintNames(pen, view, lit.labels);
  }

  // vis-network hides the parties of a heavy network while it is dragged.
  const asPhoto = () => dense || (heavy && (moving || dragging));

  function settle() {
    moving = false;
    labels = null;
    network.redraw();
  }

  function sight(context) {
    const k = network.getScale();
    const matrix = context.getTransform();
    const ratio = matrix.a / k;
    const next = { k, x: matrix.e / ratio, y: matrix.f / ratio, width: frame.clientWidth, height: frame.clientHeight, ratio };
    if (camera && Object.keys(next).every((name) => next[name] === camera[name])) return;
    camera = next;
    clearTimeout(timer);
    if (crisp) {
      labels = null;
      moving = false;
    } else {
      // A bitmap of an earlier place would bring back its names.
      if (!moving && !dense) photo.spoil();
      moving = true;
      timer = setTimeout(settle, REST);
    }
  }

  function before(context) {
    if (muted) return;
    sight(context);
    [crisp, asked] = [false, false];
    if (!labels) nameAll();
    kindle();
    context.save();
    context.setTransform(camera.ratio, 0, 0, camera.ratio, 0, 0);
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, camera.width, camera.height);
    if (!asPhoto()) figure.lines(canvasPen(context), camera);
    context.restore();
  }

  function after(context) {
    if (muted) return;
    context.save();
    context.setTransform(camera.ratio, 0, 0, camera.ratio, 0, 0);
    const pen = canvasPen(context);
    if (asPhoto()) photo.show(context, camera, moving);
    else {
      figure.letters(pen, camera);
      paintNames(pen, camera, labels);
    }
    paintLit(pen, camera);
    context.restore();
  }

  // Several reasons to paint within one frame make one picture.
  function ask() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      if (asked && frame.clientWidth) network.redraw();
      asked = false;
    });
  }

  // Camera.

  const look = ({ x, y, k }) => network.moveTo({ position: { x, y }, scale: k });

  function zoom(factor) {
    fits = null;
    crisp = true;
    look({ ...network.getViewPosition(), k: bounded(network.getScale() * factor) });
  }

  function pan(dx, dy) {
    const { x, y } = network.getViewPosition();
    fits = null;
    look({ x: x + dx / camera.k, y: y + dy / camera.k, k: camera.k });
  }

  // The view that fills the frame, with room for names at its edges.
  function whole(every) {
    const { left, right, top, bottom } = figure.extent(every);
    // A view that is not seen has no size yet.
    const [width, height] = [frame.clientWidth || 600, frame.clientHeight || 400];
    const beside = Math.min(70, width / 9);
    const [above, below] = [24, 38];
    const k = Math.min((width - 2 * beside) / (right - left || 1), (height - above - below) / (bottom - top || 1), 1.6);
    return { x: (left + right) / 2, y: (top + bottom) / 2 + (below - above) / 2 / k, k };
  }
  const bounded = (k) => Math.min(12, Math.max(whole().k / 2, k));

  /** Fit what the filters leave; the picture itself stays where it is when they change. */
  function home() {
    fit("shown");
  }

  function fit(what) {
    fits = what;
    crisp = true;
    look(whole(what === "every" || undefined));
  }

  // Brings a party that the frame does not show to its middle.
  function reveal(i) {
    const [x, y] = at(i, camera);
    const edge = 24;
    if (x > edge && y > edge && x < camera.width - edge && y < camera.height - edge) return;
    fits = null;
    crisp = true;
    look({ x: figure.x[i], y: figure.y[i], k: camera.k });
  }

  // vis-network.

  // vis-network paints at once what it is told, and again in the next frame: once is enough.
  function tellVis(changed) {
    if (dense || !changed.length) return;
    muted = true;
    nodes.update(changed);
    muted = false;
  }

  const eachParty = (make) => (dense ? [] : Array.from({ length: PARTIES }, (_, i) => make(i)));
  const visLook = (i) => ({ color: { background: figure.lookOf(i).fill, border: "#1a1a1a" } });
  const visPlace = (i) => ({ x: figure.x[i], y: figure.y[i], size: figure.sized(i) });

  function arrange() {
    fitted = `${frame.clientWidth} ${frame.clientHeight}`;
    upright = frame.clientHeight > frame.clientWidth;
    figure.set({ upright, swell: 1, least });
    if (PARTIES > ROOMY) return;
    // In the whole picture, the letters inside are to be read where the layout left that much room.
    const smallest = figure.reach(figure.byDegree.at(-1), whole(true));
    figure.set({ upright, swell: Math.min(1.5, Math.max(1, LEGIBLE / smallest)), least });
  }

  function raise() {
    arrange();
    figure.colour(option("colour"));
    drawn = Uint8Array.from(shown.parties);
    nodes = new vis.DataSet(eachParty((i) => ({ ...pyvis.node(i), ...visLook(i), ...visPlace(i), hidden: !drawn[i] })));
    network = new vis.Network(frame, { nodes, edges: new vis.DataSet([]) }, {
      ...pyvis.options,
      autoResize: false,
      interaction: { ...pyvis.options.interaction, hideNodesOnDrag: heavy, keyboard: false },
    });
    photo = photographer(paintBase);
    const box = frame.firstElementChild;
    box.id = "network-picture";
    box.setAttribute("role", "application");
    box.setAttribute("aria-describedby", "network-help");
    box.tabIndex = 0;
    const lookout = {
      camera: () => camera,
      labels: () => [...(lit?.labels ?? []), ...(labels ?? [])],
      isMoving: () => moving,
      reveal,
    };
    steer = steering(box, figure, lookout, { home, zoom, pan });
    network.on("beforeDrawing", before);
    network.on("afterDrawing", after);
    network.on("click", ({ pointer }) => steer.click(pointer.DOM.x, pointer.DOM.y));
    network.on("dragStart", () => {
      dragging = true;
      fits = null;
      steer.letGo();
    });
    network.on("dragEnd", () => {
      dragging = false;
      ask();
    });
    network.on("zoom", ({ scale }) => {
      fits = null;
      if (scale !== bounded(scale)) look({ ...network.getViewPosition(), k: bounded(scale) });
    });
    fit("every");
    network.redraw();
    describe();
    new ResizeObserver(resized).observe(frame);
  }

  function resized() {
    if (!frame.clientWidth || fitted === `${frame.clientWidth} ${frame.clientHeight}`) return;
    const before = [upright, figure.sized(0)];
    arrange();
    const turned = before[0] !== upright;
    if (turned || before[1] !== figure.sized(0)) tellVis(eachParty((id) => ({ id, ...visPlace(id) })));
    forget();
    network.setSize("100%", "100%");
    crisp = true;
    if (fits || turned) fit(fits ?? "every");
    network.redraw();
  }

  // What was worked out from the filters, the options or the size no longer holds.
  function forget() {
    labels = null;
    lit = undefined;
    photo.spoil();
  }

  function hideFiltered() {
    const changed = [];
    for (let i = 0; i < PARTIES; i += 1) {
      if (drawn[i] !== shown.parties[i]) changed.push({ id: i, hidden: !shown.parties[i] });
    }
    drawn.set(shown.parties);
    tellVis(changed);
  }

  // The page around the picture.

  const counted = () =>
    t("network-picture", { parties: number(shown.count.parties), links: number(shown.count.links) });

  function describe() {
    frame.firstElementChild.setAttribute("aria-label", counted());
  }

  function toolbar() {
    const menu = (name, values) =>
      choice(name, `network-${name}`, values.map((value) => [value, { t: `network-${name}-${value}` }]));
    const button = (props, act) => h("button", { type: "button", ...props, on: { click: act } });
    return h(
      "div",
      { class: "network-tools" },
      menu("colour", ["level", "theme", "community"]),
      menu("depth", ["1", "2"]),
      h(
        "div",
        { class: "network-zoom" },
        button({ text: "+", data: { label: "network-closer" } }, () => zoom(1.25)),
        button({ text: "−", data: { label: "network-farther" } }, () => zoom(0.8)),
        button({ t: "network-whole" }, home),
        h(
          "details",
          { class: "network-help" },
          h("summary", { t: "network-how" }),
          h("p", { id: "network-help", t: "network-help" }),
        ),
      ),
    );
  }

  return {
    word: "view-network",

    mount(root) {
      figure = networkFigure();
      tools = toolbar();
      frame = h("div", { class: "network-frame" });
      legend = h("div", { class: "network-legend" }, networkLegend(figure));
      root.append(tools, frame, legend);
      raised = loadVis().then(raise);
    },

    ready: () => raised,

    update(changes) {
      if (!network) return;
      if (changes.has("filter")) {
        hideFiltered();
        if (fits === "shown" && !isFiltered()) fit("every");
      }
      if (changes.has("options")) {
        if (figure.colour(option("colour"))) tellVis(eachParty((id) => ({ id, ...visLook(id) })));
        syncChoices(tools);
      }
      if (["filter", "options", "language"].some((change) => changes.has(change))) {
        forget();
        describe();
        legend.replaceChildren(...networkLegend(figure));
      }
      if (changes.has("selection") || changes.has("hover")) lit = undefined;
      if (changes.has("selection") && !steer.isPointing()) {
        const parties = { party: (i) => [i], link: (i) => D.links.parties[i] }[selection?.type]?.(selection.i) ?? [];
        const first = parties.find((i) => shown.parties[i]);
        if (first !== undefined) reveal(first);
      }
      resized();
      ask();
    },

    svg() {
      const pen = svgPen();
      const strip = legendStrip(figure, camera.width);
      paintBase(pen, camera);
      paintLit(pen, camera);
      strip.paint(pen, camera.height);
      return pen.document(camera.width, camera.height + strip.height, `${text(D.title)} — ${counted()}`);
    },

    // The picture on the screen itself, and the legend under it.
    png() {
      crisp = true;
      network.redraw();
      const { width, height, ratio } = camera;
      const strip = legendStrip(figure, width);
      const picture = frame.querySelector("canvas");
      const canvas = h("canvas", { width: picture.width, height: Math.ceil((height + strip.height) * ratio) });
      const context = canvas.getContext("2d");
      context.drawImage(picture, 0, 0);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      strip.paint(canvasPen(context), height);
      return new Promise((done) => canvas.toBlob(done, "image/png"));
    },

    home,
  };
})();
