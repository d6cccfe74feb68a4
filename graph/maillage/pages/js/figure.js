// The network as a figure: where its parties and lines stand, how they look, what is under a point
// and what is around a party. It knows neither the page nor the screen: a camera {k, x, y, width,
// height, ratio} says that a party at (a, b) is seen at (a * k + x, b * k + y), in a frame of that
// size, whose pixels a screen shows as ratio of its own; with least, no party is smaller than that.

const FIGURE_INK = "#1a1a1a";
const MARKED = { inferred: 1, disputed: 2 };
// Seen from afar a network is a texture: with more lines they get thinner and let others through.
const FEW_LINES = 1500;
const MANY_LINES = 5000;

function networkFigure() {
  const parties = D.parties;
  const from = Int32Array.from(D.lines.a);
  const to = Int32Array.from(D.lines.b);
  const linkOf = Int32Array.from(D.lines.link);
  const bend = Float32Array.from(D.lines.bend);
  const look = Uint8Array.from(linkOf, (link) => D.links.look[link]);
  const mark = Uint8Array.from(linkOf, (link) => D.links.mark[link]);
  const sizes = Float32Array.from(parties.size);
  const square = Uint8Array.from(parties.side);
  const wide = [Float32Array.from(parties.x), Float32Array.from(parties.y)];
  const tall = [Float32Array.from(parties.tx), Float32Array.from(parties.ty)];
  const byDegree = Int32Array.from(sizes.keys()).sort((i, j) => sizes[j] - sizes[i] || i - j);
  const inView = new Int32Array(LINES);
  let [x, y] = wide;
  let coloured = null;
  let looks = [];
  const lookAt = new Uint16Array(PARTIES);
  let swell = 1;
  let least = 0;

  const reach = (i, camera) => Math.max(sizes[i] * swell * camera.k, camera.least ?? least);

  // The point towards which a bent line leans; the line passes half-way there.
  const lean = (line) => {
    const [a, b] = [from[line], to[line]];
    const [dx, dy] = [x[b] - x[a], y[b] - y[a]];
    return [(x[a] + x[b]) / 2 - bend[line] * dy, (y[a] + y[b]) / 2 + bend[line] * dx];
  };
  // The point of a line after a share of the way.
  const along = (line, share) => {
    const [a, b] = [from[line], to[line]];
    const [cx, cy] = lean(line);
    const [one, two, three] = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2];
    return [one * x[a] + two * cx + three * x[b], one * y[a] + two * cy + three * y[b]];
  };

  // Fills inView with the lines that may cross the frame, and says how many they are.
  function cull(camera, chosen) {
    const [left, top] = [-camera.x / camera.k, -camera.y / camera.k];
    const [right, bottom] = [left + camera.width / camera.k, top + camera.height / camera.k];
    let count = 0;
    const consider = (line) => {
      const [xa, xb, ya, yb] = [x[from[line]], x[to[line]], y[from[line]], y[to[line]]];
      const belly = bend[line] ? Math.abs(bend[line]) * (Math.abs(xb - xa) + Math.abs(yb - ya)) : 0;
      if (Math.max(xa, xb) + belly < left || Math.min(xa, xb) - belly > right) return;
      if (Math.max(ya, yb) + belly < top || Math.min(ya, yb) - belly > bottom) return;
      inView[count] = line;
      count += 1;
    };
    if (chosen) chosen.forEach(consider);
    else for (let line = 0; line < LINES; line += 1) if (shown.lines[line]) consider(line);
    return count;
  }

  // How often lines would cover the frame, laid side by side: some lines tell for all.
  function thickness(count, camera) {
    const step = Math.ceil(count / 500);
    const longest = Math.hypot(camera.width, camera.height);
    let length = 0;
    for (let n = 0; n < count; n += step) {
      const [a, b] = [from[inView[n]], to[inView[n]]];
      length += step * Math.min(longest, Math.hypot(x[a] - x[b], y[a] - y[b]) * camera.k);
    }
    return length / (camera.width * camera.height);
  }

  function lineStyle(kind, count, alpha, camera) {
    const dash = dashes[kind].map((length) => length * Math.min(1, Math.max(0.5, camera.k)));
    if (count <= FEW_LINES) return { width: Math.min(2.5, Math.max(1.2, 2.5 * camera.k)), alpha: kind ? 1.5 * alpha : alpha, dash };
    // No wider than a pixel, which browsers stroke ten times as fast.
    return { width: 1 / camera.ratio, alpha, dash: count <= MANY_LINES ? dash : [] };
  }

  return {
    byDegree,
    linkOf,
    get x() { return x; },
    get y() { return y; },
    reach,
    sized: (i) => sizes[i] * swell,

    // Which of the two layouts; how much larger the parties are drawn; how small they may get.
    set({ upright, swell: factor, least: radius }) {
      [x, y] = upright ? tall : wide;
      swell = factor;
      least = radius;
    },

    // Says whether that changed anything.
    colour(by) {
      if (by === coloured) return false;
      coloured = by;
      const found = new Map();
      looks = [];
      for (let i = 0; i < PARTIES; i += 1) {
        const { fill, ink, mark: letters } = lookOf(i, by);
        const key = `${fill} ${letters}`;
        if (!found.has(key)) {
          found.set(key, looks.length);
          looks.push({ fill, ink, letters });
        }
        lookAt[i] = found.get(key);
      }
      return true;
    },
    lookOf: (i) => looks[lookAt[i]],

    // chosen: line numbers, or nothing for all that are shown. Returns how many are in the frame.
    lines(pen, camera, chosen, extra = {}) {
      const count = cull(camera, chosen);
      const alpha = Math.min(0.6, Math.max(0.03, 0.17 * thickness(count, camera) ** -0.75));
      const stretch = (line, draw) => {
        const [a, b] = [from[line], to[line]];
        const { k } = camera;
        draw(x[a] * k + camera.x, y[a] * k + camera.y, x[b] * k + camera.x, y[b] * k + camera.y);
      };
      for (const kind of [2, 0, 1]) {
        pen.begin({ stroke: strokes[kind], ...lineStyle(kind, count, alpha, camera), ...extra });
        for (let n = 0; n < count; n += 1) {
          const line = inView[n];
          if (look[line] !== kind) continue;
          if (!bend[line]) stretch(line, pen.line);
          else {
            const [cx, cy] = lean(line);
            const { k } = camera;
            stretch(line, (xa, ya, xb, yb) => pen.curve(xa, ya, cx * k + camera.x, cy * k + camera.y, xb, yb));
          }
        }
        pen.end();
        if (count > MANY_LINES) continue;
        const radius = Math.min(5, Math.max(2.5, 6 * camera.k));
        pen.begin({ fill: strokes[kind] });
        for (let n = 0; n < count; n += 1) {
          const line = inView[n];
          if (look[line] !== kind || !mark[line]) continue;
          const [mx, my] = along(line, 0.5);
          const shape = mark[line] === MARKED.disputed ? pen.diamond : pen.circle;
          shape(mx * camera.k + camera.x, my * camera.k + camera.y, mark[line] === MARKED.disputed ? radius * 1.25 : radius);
        }
        pen.end();
      }
      return count;
    },

    // Tells ink where the lines in the frame run, unless they are everywhere. Returns how many.
    trace(ink, camera, chosen) {
      const count = cull(camera, chosen);
      if (count > FEW_LINES) return count;
      for (let n = 0; n < count; n += 1) {
        const line = inView[n];
        let [px, py] = along(line, 0);
        for (let step = 1; step <= (bend[line] ? 8 : 1); step += 1) {
          const [qx, qy] = along(line, step / (bend[line] ? 8 : 1));
          const { k, x: dx, y: dy } = camera;
          ink.line(px * k + dx, py * k + dy, qx * k + dx, qy * k + dy);
          [px, py] = [qx, qy];
        }
      }
      return count;
    },

    // Chosen lines in full strength, unless they are too many to be told apart.
    litLines(pen, camera, chosen, width) {
      this.lines(pen, camera, chosen, chosen.length <= FEW_LINES ? { width, alpha: 1 } : {});
    },

    // A broad band under chosen lines.
    underline(pen, camera, chosen, colour) {
      this.lines(pen, camera, chosen, { stroke: colour, width: 7, dash: [], alpha: 0.5 });
    },

    // The shapes of parties, the largest first, so that none hides a smaller one for good.
    parties(pen, camera, chosen = byDegree) {
      const seen = [];
      for (const i of chosen) {
        if (!shown.parties[i]) continue;
        const [px, py, r] = [x[i] * camera.k + camera.x, y[i] * camera.k + camera.y, reach(i, camera)];
        if (px + r >= 0 && py + r >= 0 && px - r <= camera.width && py - r <= camera.height) seen.push(i);
      }
      looks.forEach(({ fill }, number) => {
        const edge = Math.min(1.5, camera.k * 3);
        pen.begin(edge > 0.4 ? { fill, stroke: FIGURE_INK, width: edge } : { fill });
        for (const i of seen) {
          if (lookAt[i] !== number) continue;
          const [px, py, r] = [x[i] * camera.k + camera.x, y[i] * camera.k + camera.y, reach(i, camera)];
          if (square[i]) pen.rect(px - r, py - r, 2 * r, 2 * r);
          else pen.circle(px, py, r);
        }
        pen.end();
      });
      return seen;
    },

    // A line round the shape of a party, so far from it.
    outline(pen, camera, i, gap) {
      const [px, py, r] = [x[i] * camera.k + camera.x, y[i] * camera.k + camera.y, reach(i, camera) + gap];
      if (square[i]) pen.rect(px - r, py - r, 2 * r, 2 * r);
      else pen.circle(px, py, r);
    },

    // The letters inside say the level, theme or community without the colour.
    letters(pen, camera, chosen = byDegree) {
      for (const i of chosen) {
        const r = reach(i, camera);
        if (r < 6) {
          if (chosen === byDegree) return; // the rest are smaller
          continue;
        }
        const [px, py] = [x[i] * camera.k + camera.x, y[i] * camera.k + camera.y];
        if (!shown.parties[i] || px < -r || py < -r || px > camera.width + r || py > camera.height + r) continue;
        const { ink, letters } = looks[lookAt[i]];
        const words = text(letters);
        const size = Math.min(r, 16) * [1.15, 1.15, 0.95, 0.75][Math.min(3, columns(words))];
        pen.text(px, py, words, { size, bold: true, fill: ink });
      }
    },

    partyAt(camera, px, py) {
      let best = { i: -1, far: Infinity };
      for (let i = 0; i < PARTIES; i += 1) {
        if (!shown.parties[i]) continue;
        const far = Math.hypot(x[i] * camera.k + camera.x - px, y[i] * camera.k + camera.y - py) - reach(i, camera);
        if (far <= 3 && far < best.far) best = { i, far };
      }
      return best.i;
    },

    lineAt(camera, px, py) {
      if (cull(camera) > MANY_LINES) return -1;
      const around = { ...camera, x: camera.x - px + 6, y: camera.y - py + 6, width: 12, height: 12 };
      const count = cull(around);
      let best = { line: -1, far: 6 };
      for (let n = 0; n < count; n += 1) {
        const line = inView[n];
        const far = distance(around, line);
        if (far < best.far) best = { line, far };
      }
      return best.line;
    },

    // The rectangle round the shown parties; round all where none is shown, or where all are asked for.
    extent(every = !shown.count.parties) {
      const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
      for (let i = 0; i < PARTIES; i += 1) {
        if (!every && !shown.parties[i]) continue;
        box.left = Math.min(box.left, x[i]);
        box.right = Math.max(box.right, x[i]);
        box.top = Math.min(box.top, y[i]);
        box.bottom = Math.max(box.bottom, y[i]);
      }
      return box;
    },

    around,
  };

  // Pixels between the middle of a small frame and a line, which a bent one is cut up for.
  function distance(camera, line) {
    const steps = bend[line] ? 12 : 1;
    const at = (share) => {
      const [wx, wy] = along(line, share);
      return [wx * camera.k + camera.x - camera.width / 2, wy * camera.k + camera.y - camera.height / 2];
    };
    let nearest = Infinity;
    for (let step = 0; step < steps; step += 1) {
      const [x1, y1] = at(step / steps);
      const [x2, y2] = at((step + 1) / steps);
      const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
      const share = length ? Math.min(1, Math.max(0, -(x1 * (x2 - x1) + y1 * (y2 - y1)) / length)) : 0;
      nearest = Math.min(nearest, Math.hypot(x1 + share * (x2 - x1), y1 + share * (y2 - y1)));
    }
    return nearest;
  }

  // What is lit when a thing is chosen or pointed at: {centre, parties, lines}, or null where the
  // filters have taken it away. A party lights its neighbours, at depth 2 theirs too.
  function around(thing, depth) {
    const links = new Uint8Array(LINKS);
    const lit = new Set();
    const light = (link) => {
      if (!shown.links[link]) return;
      links[link] = 1;
      for (const party of D.links.parties[link]) lit.add(party);
    };
    let centre = [];
    if (thing.type === "party") {
      centre = [thing.i];
      lit.add(thing.i);
      for (let step = 0; step < depth; step += 1) for (const party of [...lit]) partyLinks[party].forEach(light);
    } else if (thing.type === "link") light(thing.i);
    else if (thing.type === "theme") themeLinks[thing.i].forEach(light);
    else if (thing.type === "event") D.events.parties[thing.i].forEach((party) => lit.add(party));
    else if (thing.type === "area") {
      centre = [...parties.area.keys()].filter((i) => parties.area[i] === thing.i);
      for (const party of centre) {
        lit.add(party);
        partyLinks[party].forEach(light);
      }
    }
    const seen = [...lit].filter((i) => shown.parties[i]).sort((i, j) => sizes[j] - sizes[i] || i - j);
    if (!seen.length) return null;
    const lines = [];
    for (let line = 0; line < LINES; line += 1) if (shown.lines[line] && links[linkOf[line]]) lines.push(line);
    return { centre: centre.filter((i) => shown.parties[i]), parties: seen, lines };
  }
}
