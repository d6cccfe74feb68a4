/* How the maps lie on the screen: frames side by side or one below the other, what of them is seen,
   circles as large as their links and apart, and the curves between them. All in pixels. */

const atlas = (() => {
  const HEAD = 34; // pixels above a panel, for its name and buttons
  const LEGEND = 92; // pixels left under the last panel
  const WIDE = 640; // from this width on, panels stand side by side
  const GUTTER = 0.07; // of the width, between panels
  const LOWEST = 300; // pixels: a panel is no lower, however low the window is
  const MOST = 16; // times that a panel can be enlarged
  const ROUNDS = 40;
  const LARGEST = 0.055; // of a panel's width: radius of the circle with most links
  const SMALLEST = 5; // pixels: radius of a circle with one link
  const [THINNEST, THICKEST] = [1.2, 11]; // pixels
  const FEW_FLOWS = 60; // up to so many, all are as dark

  /**
   * Panels in a stage: side by side where it is wide, each as large as its share of the width and the
   * height allow, else one below the other.
   */
  function lay(keys, width, height) {
    const isWide = width >= WIDE || keys.length === 1;
    const gutter = isWide ? Math.round(width * GUTTER) : 12;
    const panels = keys.map((key) => {
      const [minX, minY, w, h] = D.land.frames[key];
      return { key, frame: { minX, minY, w, h } };
    });
    let [left, below] = [width, 0];
    panels.forEach((panel, i) => {
      const { w, h } = panel.frame;
      // What one panel leaves of its share goes to those after it.
      const share = isWide ? (left - gutter * (keys.length - 1 - i)) / (keys.length - i) : width;
      const free = height - HEAD - (i === keys.length - 1 ? LEGEND : 0);
      panel.scale = Math.min(share / w, isWide ? Math.max(free, LOWEST) / h : Infinity);
      Object.assign(panel, { width: w * panel.scale, height: h * panel.scale });
      left -= panel.width + gutter;
    });
    const spare = isWide ? Math.max(0, left + gutter) : 0;
    const tallest = Math.max(...panels.map((panel) => panel.height));
    let across = spare / 2;
    for (const panel of panels) {
      panel.left = isWide ? across : 0;
      panel.top = HEAD + (isWide ? 0 : below);
      across += panel.width + gutter;
      below += HEAD + panel.height + gutter;
    }
    return { panels, isWide, width, height: isWide ? HEAD + tallest : below - gutter };
  }

  /** A view of a panel: times enlarged, and the point of its frame in the upper left corner. */
  const whole = ({ frame }) => ({ times: 1, x: frame.minX, y: frame.minY });
  function kept(panel, { times, x, y }) {
    const { minX, minY, w, h } = panel.frame;
    const at = Math.min(Math.max(times, 1), MOST);
    const within = (low, size, value) => Math.min(Math.max(value, low), low + size - size / at);
    return { times: at, x: within(minX, w, x), y: within(minY, h, y) };
  }
  /** Enlarged around a point of the screen, which stays where it is. */
  function zoomed(panel, seen, factor, [px, py]) {
    const times = Math.min(Math.max(seen.times * factor, 1), MOST);
    const away = (from, offset) => from + offset / panel.scale / seen.times - offset / panel.scale / times;
    return kept(panel, { times, x: away(seen.x, px - panel.left), y: away(seen.y, py - panel.top) });
  }
  const moved = (panel, seen, dx, dy) =>
    kept(panel, { ...seen, x: seen.x - dx / panel.scale / seen.times, y: seen.y - dy / panel.scale / seen.times });

  const onScreen = (panel, seen, { x, y }) => [
    panel.left + (x - seen.x) * panel.scale * seen.times,
    panel.top + (y - seen.y) * panel.scale * seen.times,
  ];
  const holds = (panel, [x, y], margin = 0) =>
    x >= panel.left - margin && x <= panel.left + panel.width + margin && y >= panel.top - margin && y <= panel.top + panel.height + margin;
  const clamped = (panel, [x, y]) => [
    Math.min(Math.max(x, panel.left), panel.left + panel.width),
    Math.min(Math.max(y, panel.top), panel.top + panel.height),
  ];

  /** Move circles that overlap a little apart, so that each can be seen: [{at, reach}], `at` changes. */
  function part(circles, gap = 1.5) {
    const home = circles.map(({ at }) => [...at]);
    const widest = circles.reduce((most, { reach }) => Math.max(most, reach), 0);
    const order = circles.map((_, i) => i);
    const rounds = circles.length > 1500 ? 4 : ROUNDS;
    for (let round = 0; round < rounds; round += 1) {
      order.sort((i, j) => circles[i].at[0] - circles[j].at[0] || i - j);
      let touched = false;
      for (let p = 0; p < order.length; p += 1) {
        const one = circles[order[p]];
        for (let q = p + 1; q < order.length; q += 1) {
          const other = circles[order[q]];
          let dx = other.at[0] - one.at[0];
          if (dx > one.reach + widest + gap) break;
          let dy = other.at[1] - one.at[1];
          const need = one.reach + other.reach + gap;
          let far = Math.hypot(dx, dy);
          if (far >= need) continue;
          const push = (need - far) / 2;
          touched = true;
          if (far < 0.01) {
            // Two in the same place part in a direction of their own, always the same one.
            const turn = (order[p] * 7 + order[q] * 13) % 17;
            [dx, dy, far] = [Math.cos(turn), Math.sin(turn), 1];
          }
          const share = (2 * other.reach ** 2) / (one.reach ** 2 + other.reach ** 2);
          one.at[0] -= (dx / far) * push * share;
          one.at[1] -= (dy / far) * push * share;
          other.at[0] += (dx / far) * push * (2 - share);
          other.at[1] += (dy / far) * push * (2 - share);
        }
      }
      if (!touched) break;
      if (round < rounds - 8) {
        circles.forEach(({ at }, i) => {
          at[0] += (home[i][0] - at[0]) * 0.08;
          at[1] += (home[i][1] - at[1]) * 0.08;
        });
      }
    }
  }

  /** The curve from one circle to another, and its middle. */
  function curve([ax, ay], [bx, by], kind) {
    const at = (n) => n.toFixed(1);
    if (kind === "arc") {
      // Within a panel lines bow upwards, more so the farther they reach.
      const [dx, dy] = ax <= bx ? [bx - ax, by - ay] : [ax - bx, ay - by];
      const [cx, cy] = [(ax + bx) / 2 + dy * 0.28, (ay + by) / 2 - dx * 0.28];
      return {
        d: `M${at(ax)},${at(ay)}Q${at(cx)},${at(cy)} ${at(bx)},${at(by)}`,
        middle: [(ax + 2 * cx + bx) / 4, (ay + 2 * cy + by) / 4],
      };
    }
    const [px, py] = kind === "across" ? [(bx - ax) * 0.45, 0] : [0, (by - ay) * 0.45];
    return {
      d: `M${at(ax)},${at(ay)}C${at(ax + px)},${at(ay + py)} ${at(bx - px)},${at(by - py)} ${at(bx)},${at(by)}`,
      middle: [(ax + bx) / 2, (ay + by) / 2],
    };
  }

  /** What is drawn: nodes and flows as they were added up, their sizes, and where all of it lies. */
  function scene(found, keys, width, height, seen) {
    const frames = lay(keys, width, height);
    const largestOf = (things) => things.reduce((most, { links }) => Math.max(most, links.size), 1);
    const [most, busiest] = [largestOf(found.nodes), largestOf(found.flows)];
    const largest = Math.min(Math.max(frames.panels[0].width * LARGEST, 13), 26);
    const unit = Math.min(2.2, THICKEST / busiest);
    const crowding = Math.min(1, Math.sqrt(FEW_FLOWS / Math.max(found.flows.length, 1)));
    const radius = (n) => Math.max(SMALLEST, largest * Math.sqrt(n / most));
    for (const panel of frames.panels) {
      const here = found.nodes.filter((node) => node.panel === panel.key);
      for (const node of here) {
        node.reach = radius(node.links.size);
        node.home = onScreen(panel, seen(panel), node);
        node.at = [...node.home];
        node.isSeen = holds(panel, node.home);
      }
      part(here.filter(({ isSeen }) => isSeen));
    }
    return {
      ...found, frames, most, busiest, seen, radius,
      isOpened: found.nodes.some(({ type }) => type === "party"),
      width: (n) => Math.max(THINNEST, unit * n),
      // Where many flows cross, the strong ones stand out and the others are a texture.
      opacity: ({ links, look }) => (look ? 0.85 : 0.65) * Math.max(0.12, crowding + (1 - crowding) * (links.size / busiest)),
    };
  }

  return { MOST, scene, whole, kept, zoomed, moved, onScreen, holds, clamped, part, curve };
})();
