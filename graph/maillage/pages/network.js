"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const texts = read("texts");
  // Where a text is missing in one language, which others serve, nearest first.
  const order = { fr: ["fr", "en", "zh"], en: ["en", "fr", "zh"], zh: ["zh", "en", "fr"] };
  const tags = { fr: "fr", en: "en", zh: "zh-Hans" };
  const found = (ref) => order[tongue].find((lang) => texts[ref] && texts[ref][lang]) || tongue;
  const say = (ref) => (texts[ref] && texts[ref][found(ref)]) || "";
  const onLanguage = [];
  let tongue = root.lang.slice(0, 2);

  function speak(lang) {
    tongue = lang;
    root.lang = tags[lang];
    for (const element of all("[data-t]")) {
      const ref = element.dataset.t;
      element.textContent = say(ref);
      if (found(ref) === lang) element.removeAttribute("lang");
      else element.setAttribute("lang", tags[found(ref)]);
    }
    for (const element of all("[data-a]")) element.setAttribute("aria-label", say(element.dataset.a));
    for (const button of all("[data-lang]")) {
      button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
    }
    for (const act of onLanguage) act();
  }

  for (const button of all("[data-lang]")) {
    button.addEventListener("click", () => speak(button.dataset.lang));
  }
  root.className = "live";
  const frame = document.getElementById("picture");
  if (!frame) {
    root.dataset.ready = "yes";
    return;
  }

  // The picture. Places come with the page, one set for wide frames and one for tall ones.
  const drawing = read("drawing");
  const face = {
    latin: '"Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans"',
    han: '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei"',
  };
  const faces = () => {
    const [first, second] = tongue === "zh" ? [face.han, face.latin] : [face.latin, face.han];
    return `${first}, ${second}, sans-serif`;
  };
  const shape = () => (frame.clientWidth >= frame.clientHeight ? "wide" : "tall");
  const bare = read("nodes");
  const placed = (place) =>
    bare.map((node, i) => ({ ...node, ...drawing.places[place][i], label: undefined }));
  let place = shape();
  const nodes = new vis.DataSet(placed(place));
  const edges = new vis.DataSet(read("edges"));
  const network = new vis.Network(frame, { nodes, edges }, read("options"));

  // Names and letters are written here: vis-network sets the lines of a name so close that
  // Chinese ones touch. The letter inside tells the level without the colour.
  network.on("afterDrawing", (context) => {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 5;
    context.strokeStyle = "#ffffff";
    drawing.marks.forEach(({ ref, ink }, i) => {
      const { x, y } = drawing.places[place][i];
      const mark = say(ref);
      context.font = `bold ${mark.length > 2 ? 10 : 13}px ${faces()}`;
      context.fillStyle = ink;
      context.fillText(mark, x, y + 0.5);
      context.font = `${drawing.font}px ${faces()}`;
      context.fillStyle = "#1a1a1a";
      drawing.labels[tongue][i].split("\n").forEach((line, row) => {
        const base = y + bare[i].size + 6 + drawing.leading * (row + 0.5);
        context.strokeText(line, x, base);
        context.fillText(line, x, base);
      });
    });
  });
  // The rectangle that a party and its name take: left, top, right, bottom.
  const rooms = () =>
    drawing.rooms.map(([beside, above, below], i) => {
      const { x, y } = drawing.places[place][i];
      return [x - beside, y - above, x + beside, y + below];
    });
  function fit() {
    if (!frame.clientWidth || !frame.clientHeight) return;
    const edge = (side, pick) => pick(...rooms().map((room) => room[side]));
    const [left, top] = [edge(0, Math.min), edge(1, Math.min)];
    const [right, bottom] = [edge(2, Math.max), edge(3, Math.max)];
    // The buttons stand over the top of the frame.
    const bar = 52;
    const scale = Math.min(
      (frame.clientWidth - 24) / (right - left),
      (frame.clientHeight - bar - 16) / (bottom - top),
      1.6,
    );
    const position = { x: (left + right) / 2, y: (top + bottom) / 2 - (bar - 16) / 2 / scale };
    network.moveTo({ position, scale });
  }
  onLanguage.push(() => {
    network.redraw();
    describe();
  });
  new ResizeObserver(() => {
    if (shape() !== place) {
      place = shape();
      nodes.update(placed(place));
    }
    fit();
  }).observe(frame);

  // vis-network makes its own focusable box; it gets the name and the keys.
  const box = frame.firstElementChild;
  function describe() {
    box.setAttribute("aria-label", say("w:picture"));
  }
  box.setAttribute("role", "application");
  box.setAttribute("aria-describedby", "picture-help");
  box.tabIndex = 0;
  describe();
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });
  const move = (x, y) => {
    const at = network.getViewPosition();
    const scale = network.getScale();
    network.moveTo({ position: { x: at.x + x / scale, y: at.y + y / scale } });
  };
  const keys = {
    ArrowLeft: () => move(-60, 0),
    ArrowRight: () => move(60, 0),
    ArrowUp: () => move(0, -60),
    ArrowDown: () => move(0, 60),
    "+": () => zoom(1.25),
    "=": () => zoom(1.25),
    "-": () => zoom(0.8),
    0: fit,
  };
  box.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  const tools = { in: () => zoom(1.25), out: () => zoom(0.8), fit };
  for (const button of all("[data-zoom]")) {
    button.addEventListener("click", tools[button.dataset.zoom]);
  }

  // Records: one at a time, opened from the picture, from a table or from another record.
  const panel = document.querySelector(".panel");
  let opener = null;
  function close() {
    panel.classList.remove("busy");
    for (const element of all("article.on, tr.on")) element.classList.remove("on");
    network.unselectAll();
    if (opener) opener.focus();
    opener = null;
  }
  function open(id, from) {
    if (!panel.contains(from)) opener = from;
    panel.classList.add("busy");
    for (const element of all("article.on, tr.on")) element.classList.remove("on");
    document.getElementById(id).classList.add("on");
    for (const button of all(`tr [data-open="${id}"]`)) button.closest("tr").classList.add("on");
    if (nodes.get(id)) network.selectNodes([id]);
    else network.setSelection({ nodes: [], edges: [id] });
    panel.scrollTop = 0;
    document.getElementById(`${id}-head`).focus();
  }
  for (const button of all("[data-open]")) {
    button.addEventListener("click", () => open(button.dataset.open, button));
  }
  document.querySelector(".close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.classList.contains("busy")) close();
  });
  network.on("click", (event) => {
    const { x, y } = event.pointer.canvas;
    const named = rooms().findIndex((r) => x >= r[0] && x <= r[2] && y >= r[1] && y <= r[3]);
    if (event.nodes.length) open(event.nodes[0], box);
    else if (event.edges.length) open(event.edges[0], box);
    else if (named >= 0) open(bare[named].id, box);
    else if (panel.classList.contains("busy")) close();
  });
  const pointer = (shown) => () => {
    box.style.cursor = shown;
  };
  for (const name of ["hoverNode", "hoverEdge"]) network.on(name, pointer("pointer"));
  for (const name of ["blurNode", "blurEdge"]) network.on(name, pointer("default"));

  fit();
  network.once("afterDrawing", () => {
    root.dataset.ready = "yes";
    performance.mark("maillage-ready");
  });
  network.redraw();
})();
