// Names in the picture: broken into short lines, and set where they collide with nothing. Their
// size is that of the screen, whatever the zoom, so that more of them find room as one zooms in.

// Of a line; a Chinese character takes two. Where a name finds no room, narrower lines may.
const LABEL_COLUMNS = [20, 13];
const LABEL_LINES = 3;
const LABEL_LEADING = 1.2; // of the letter size, from one line to the next
const CROWD_CELL = 64; // pixels; a label touches few cells of this size
const INK_CELL = 6;

const WIDE_LETTER = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
// A Chinese character with the punctuation that must not begin a line, a word, a space.
const LABEL_PIECE = /[\u2e80-\u{3ffff}][、，。）》”’；：！？]*|[^\u2e80-\u{3ffff}\s-]+-?|-|\s+/gu;

function columns(text) {
  let count = 0;
  for (const letter of text) count += WIDE_LETTER.test(letter) ? 2 : 1;
  return count;
}

function brokenAt(text, width) {
  const lines = [""];
  for (const piece of text.match(LABEL_PIECE) ?? []) {
    const last = lines.at(-1);
    if (last && columns(last + piece.trimEnd()) > width) lines.push(piece.trimStart());
    else lines[lines.length - 1] = last ? last + piece : piece.trimStart();
  }
  return lines.map((line) => line.trimEnd()).filter(Boolean);
}

// A name in as few lines as its columns allow, and these of like length; an endless name is cut,
// for the panel has it whole.
function wrapped(name, most) {
  const fewest = brokenAt(name, most);
  if (fewest.length > LABEL_LINES) return [...fewest.slice(0, LABEL_LINES - 1), `${fewest[LABEL_LINES - 1]}…`];
  if (fewest.length < 2) return [name];
  for (let width = 6; width < most; width += 1) {
    const lines = brokenAt(name, width);
    if (lines.length === fewest.length && lines.every((line) => columns(line) <= most)) return lines;
  }
  return fewest;
}

// Which rectangles of a frame are taken, in a grid of cells so that few are compared.
function crowd() {
  const cells = new Map();
  const cell = (column, row) => row * 4096 + column;
  const span = (from, to) => [Math.floor(from / CROWD_CELL), Math.floor(to / CROWD_CELL)];
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return {
    take(box) {
      const [first, last] = span(box.left, box.right);
      const [top, bottom] = span(box.top, box.bottom);
      for (let row = top; row <= bottom; row += 1) {
        for (let column = first; column <= last; column += 1) {
          const there = cells.get(cell(column, row));
          if (there) there.push(box);
          else cells.set(cell(column, row), [box]);
        }
      }
    },
    free(box) {
      const [first, last] = span(box.left, box.right);
      const [top, bottom] = span(box.top, box.bottom);
      for (let row = top; row <= bottom; row += 1) {
        for (let column = first; column <= last; column += 1) {
          const there = cells.get(cell(column, row));
          if (there?.some((other) => other.owner !== box.owner && !apart(box, other))) return false;
        }
      }
      return true;
    },
  };
}

// How wide words will be, as a multiple of the letter size.
const emWidth = (() => {
  const context = document.createElement("canvas").getContext("2d");
  return (words, bold) => {
    context.font = `${bold ? "bold " : ""}100px ${faces()}`;
    return context.measureText(words).width / 100;
  };
})();

// A name's lines and their width, worked out once a language.
const labelled = (() => {
  const known = new Map();
  return (words, bold, most) => {
    const key = `${tongue} ${bold ? 1 : 0} ${most} ${words}`;
    if (!known.has(key)) {
      const lines = wrapped(words, most);
      known.set(key, { lines, width: Math.max(...lines.map((line) => emWidth(line, bold))) });
    }
    return known.get(key);
  };
})();

// Where the block of a name's lines stands beside its point, the best place first: under it, beside
// it, above it; and under and above it shifted to one side, by half or all of half its width.
const LABEL_SIDES = [
  [0, 1], [1, 0], [-1, 0], [0, -1],
  [0.5, 1], [-0.5, 1], [1, 1], [-1, 1],
  [0.5, -1], [-0.5, -1], [1, -1], [-1, -1],
];

function beside([across, down], reach, width, height) {
  if (!down) return { left: across > 0 ? reach + 4 : -reach - 4 - width, top: -height / 2 };
  return { left: ((across - 1) * width) / 2, top: down > 0 ? reach : -reach - height };
}

// Where lines are, in small squares, so that names keep off them where they can.
function inked(frame) {
  const across = Math.ceil(frame.width / INK_CELL) + 1;
  const cells = new Uint8Array(across * (Math.ceil(frame.height / INK_CELL) + 1));
  const at = (x, y) => Math.floor(y / INK_CELL) * across + Math.floor(x / INK_CELL);
  const inside = (x, y) => x >= 0 && y >= 0 && x < frame.width && y < frame.height;
  return {
    line(x1, y1, x2, y2) {
      const steps = Math.ceil(Math.hypot(x2 - x1, y2 - y1) / INK_CELL) || 1;
      for (let step = 0; step <= steps; step += 1) {
        const [x, y] = [x1 + ((x2 - x1) * step) / steps, y1 + ((y2 - y1) * step) / steps];
        if (inside(x, y)) cells[at(x, y)] = 1;
      }
    },
    under({ left, right, top, bottom }) {
      let count = 0;
      for (let y = top; y < bottom; y += INK_CELL) {
        for (let x = left; x < right; x += INK_CELL) if (inside(x, y)) count += cells[at(x, y)];
      }
      return count;
    },
  };
}

// Sets names greedily. points: [{i, x, y, reach, words, size, bold, must, side}], first come, first
// served; one that must show does so even over others; side: the place that it had before. taken: a
// crowd; ink: what inked() gives. frame: what is seen, at whose edge no name is cut. most: how many names. Returns labels
// whose left and top count from their point, so that they follow it while the picture moves.
function setLabels(points, taken, ink, frame, most) {
  const uncut = ({ left, right, top, bottom }) =>
    (left >= 0 && right <= frame.width && top >= 0 && bottom <= frame.height) ||
    right < 0 || left > frame.width || bottom < 0 || top > frame.height;
  const air = tongue === "zh" ? 0.05 : 0.14;
  const set = [];
  for (const { i, x, y, reach, words, size, bold, must, side } of points) {
    if (set.length >= most) break;
    let best = null;
    for (const columns of LABEL_COLUMNS) {
      const { lines, width: ems } = labelled(words, bold, columns);
      const width = size * ems;
      const height = size * LABEL_LEADING * lines.length;
      for (let n = 0; n < LABEL_SIDES.length; n += 1) {
        const { left, top } = beside(LABEL_SIDES[n], reach, width, height);
        const box = {
          owner: i,
          left: x + left - 3,
          right: x + left + width + 3,
          // Above and below the letters there is air, less of it where they are Chinese.
          top: y + top + air * size,
          bottom: y + top + height - air * size,
        };
        const fits = uncut(box) && taken.free(box);
        if (!fits && !must) continue;
        const cost = (n === side ? -2 : n) + 3 * ink.under(box) + (fits ? 0 : 1000);
        if (!best || cost < best.cost) best = { cost, box, label: { i, side: n, left, top, width, height, lines, size, bold } };
      }
      if (best && best.cost < 1000) break;
    }
    if (best) {
      taken.take(best.box);
      set.push(best.label);
    }
  }
  return set;
}

// The lines of a name that stands beside its point are flush with it.
function paintLabel(pen, label, x, y) {
  const { side, left, top, width, lines, size, bold } = label;
  const [across, down] = LABEL_SIDES[side];
  const align = down || lines.length < 2 ? "center" : across > 0 ? "left" : "right";
  const start = x + left + { left: 0, center: width / 2, right: width }[align];
  lines.forEach((line, row) => {
    const middle = y + top + size * LABEL_LEADING * (row + 0.5);
    pen.text(start, middle, line, { size, bold, fill: "#1a1a1a", halo: 3, align });
  });
}
