/* What is seen of each panel of the maps: enlarged and moved with buttons, keys, wheel and pointer, and
   kept in the address. */

declare("places-zoom", { default: "", check: (value) => /^((^|,)(fr|cn|world):\d+(\.\d+)?:-?\d+:-?\d+)*$/.test(value) });

const placesZoom = (() => {
  const STEP = 1.5; // times that a button or a key enlarges
  const STRIDE = 60; // pixels that a key moves
  const HALVING = 300; // pixels of the wheel that halve or double

  const kept = () => option("places-zoom").split(",").filter(Boolean);
  function seen(panel) {
    const part = kept().find((one) => one.startsWith(`${panel.key}:`));
    if (!part) return atlas.whole(panel);
    const [times, x, y] = part.split(":").slice(1).map(Number);
    return atlas.kept(panel, { times, x, y });
  }
  function see(panel, { times, x, y }) {
    const others = kept().filter((one) => !one.startsWith(`${panel.key}:`));
    const now = times > 1 ? [[panel.key, times.toFixed(2), Math.round(x), Math.round(y)].join(":")] : [];
    setOption("places-zoom", [...others, ...now].join(","));
  }
  const move = (panel, from, dx, dy) => see(panel, atlas.moved(panel, from, dx, dy));
  const whole = (panel) => see(panel, atlas.whole(panel));

  /** Makes a figure's panels zoom; `sceneNow` gives the scene that is drawn. */
  function on(svg, sceneNow) {
    let isDragged = false; // whether the pointer has moved since it went down

    /** What buttons and keys enlarge around: the middle of what is opened or, failing that, of the panel. */
    function middleOf(panel) {
      const open = sceneNow().nodes.filter((node) => node.type === "party" && node.panel === panel.key && node.isSeen);
      if (!open.length) return [panel.left + panel.width / 2, panel.top + panel.height / 2];
      return [0, 1].map((axis) => open.reduce((sum, { at }) => sum + at[axis], 0) / open.length);
    }
    const zoom = (panel, factor, around = middleOf(panel)) => see(panel, atlas.zoomed(panel, seen(panel), factor, around));
    const panelAt = (point) => sceneNow().frames.panels.find((panel) => atlas.holds(panel, point));
    const pixels = ({ clientX, clientY }) => {
      const { left, top } = svg.getBoundingClientRect();
      return [clientX - left, clientY - top];
    };

    svg.addEventListener("pointerdown", (event) => {
      isDragged = false;
      const [fromX, fromY] = pixels(event);
      const panel = panelAt([fromX, fromY]);
      if (!panel || event.button !== 0 || seen(panel).times === 1) return;
      const from = seen(panel);
      const drag = (next) => {
        const [x, y] = pixels(next);
        isDragged ||= Math.hypot(x - fromX, y - fromY) > 4;
        if (isDragged) move(panel, from, x - fromX, y - fromY);
      };
      addEventListener("pointermove", drag);
      for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => removeEventListener("pointermove", drag), { once: true });
    });

    const wheel = (event) => {
      const at = pixels(event);
      const panel = panelAt(at);
      // What can be made no smaller lets the page scroll.
      if (!panel || (event.deltaY > 0 && seen(panel).times === 1)) return;
      event.preventDefault();
      zoom(panel, 2 ** (-event.deltaY / HALVING), at);
    };
    svg.addEventListener("wheel", wheel, { passive: false });

    return {
      /** Whether the click that comes ends a drag. */
      isDragged: () => isDragged,

      /** Does what a key asks of a panel; whether it asked for something. */
      pressed(event, panel) {
        const arrow = { ArrowRight: [1, 0], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowUp: [0, -1] }[event.key];
        const factor = { "+": STEP, "=": STEP, "-": 1 / STEP }[event.key];
        if (arrow && event.shiftKey) move(panel, seen(panel), -STRIDE * arrow[0], -STRIDE * arrow[1]);
        else if (factor) zoom(panel, factor);
        else if (event.key === "0") whole(panel);
        else return false;
        event.preventDefault();
        return true;
      },

      /** The buttons of a panel, above its upper right corner. */
      buttons(panel) {
        const { times } = seen(panel);
        const name = placesFigure.panelName(panel.key);
        const button = (sign, word, act, disabled) =>
          h("button", { type: "button", disabled, "aria-label": t(word, { name }), text: sign, data: { act: `${panel.key} ${sign}` }, on: { click: act } });
        const trio = h(
          "div",
          { class: "zooms" },
          button("+", "places-enlarge", () => zoom(panel, STEP), times >= atlas.MOST),
          button("−", "places-reduce", () => zoom(panel, 1 / STEP), times <= 1),
          button("⤢", "places-whole", () => whole(panel), times <= 1),
        );
        trio.style.left = `${panel.left}px`;
        trio.style.top = `${panel.top - 32}px`;
        trio.style.width = `${panel.width}px`;
        return trio;
      },
    };
  }

  return { seen, on };
})();
