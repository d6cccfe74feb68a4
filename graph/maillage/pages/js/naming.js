// Which parties of a network are named in a view, and where.

const HUBS = 12; // parties with most links, whose names are written larger
const NAME_SIZES = { usual: 13, larger: 15 };
const NAME_ROOM = 18_000; // square pixels for a name, where lines are many

// parties: whom to name, the first first, as far as so many tries go; lines: the lines that names keep
// off, or nothing for all; prime: parties that are named in any case; before: labels whose places are
// kept where they can be. Names around the frame are set too: they come into it when it is dragged.
function namesInView(figure, camera, { parties, lines, tries, prime = new Set(), before }) {
  const taken = crowd();
  const margin = marginOf(camera);
  const hubs = new Set(figure.byDegree.subarray(0, Math.min(HUBS, PARTIES / 10)));
  const sides = new Map(before?.map(({ i, side }) => [i, side]));
  const points = [];
  for (const i of parties) {
    if (!shown.parties[i]) continue;
    const [x, y] = [figure.x[i] * camera.k + camera.x, figure.y[i] * camera.k + camera.y];
    if (x < -margin || y < -margin || x > camera.width + margin || y > camera.height + margin) continue;
    const reach = figure.reach(i, camera);
    if (reach >= 3) taken.take({ owner: i, left: x - reach, right: x + reach, top: y - reach, bottom: y + reach });
    if (points.length >= tries) continue;
    const must = prime.has(i);
    const size = must || hubs.has(i) ? NAME_SIZES.larger : NAME_SIZES.usual;
    points.push({ i, x, y, reach, words: partyName(i), size, bold: must, must, side: sides.get(i) });
  }
  points.sort((a, b) => b.must - a.must);
  const ink = inked(camera);
  // The more lines there are, the fewer names.
  const room = Math.min(NAME_ROOM, 4 * figure.trace(ink, camera, lines));
  const most = Math.ceil(((camera.width + 2 * margin) * (camera.height + 2 * margin)) / room);
  return setLabels(points, taken, ink, camera, prime.size ? Infinity : most);
}
