/* How the matrix shows a number: one hue, ever darker with more links, and the number itself. */

const shading = (() => {
  // The ink on each shade is at 4.5 to 1 or more.
  const FILLS = ["#deebf7", "#b9d5ea", "#85b8da", "#4a93c4", "#1f6cab", "#00447c"];
  const INKS = ["#000000", "#000000", "#000000", "#000000", "#ffffff", "#ffffff"];
  // A cell of nothing but proposals, or of what is over, is no cooperation of today: it is outlined.
  const LOOKS = ["", "tentative", "past"];

  /** Classes of numbers up to the largest: one a number while they are few, then ever wider. */
  function scale(most) {
    const count = Math.min(most, FILLS.length);
    // Squares part the many small numbers from the few large ones, and these from each other.
    const least = Array.from({ length: count }, (_, at) => Math.max(at + 1, Math.round(most * (at / count) ** 2)));
    // Few classes still go from light to dark.
    const spread = (at) => (least.length < 2 ? 1 : Math.round((at * (FILLS.length - 1)) / (least.length - 1)));
    return least.map((from, at) => ({
      from,
      to: at + 1 < least.length ? least[at + 1] - 1 : most,
      fill: FILLS[spread(at)],
      ink: INKS[spread(at)],
    }));
  }

  /** The class of a scale that a number falls in. */
  const of = (classes, n) => classes.findLast(({ from }) => n >= from);

  /** "tentative" or "past" when all links of a cell are, else "". */
  function look(links) {
    const first = D.links.look[links[0]];
    return links.every((link) => D.links.look[link] === first) ? LOOKS[first] : "";
  }

  /** What the key says of a class. */
  const said = ({ from, to }) => (from < to ? `${number(from)}–${number(to)}` : number(from));

  return { scale, of, look, said, outlined: LOOKS.slice(1) };
})();
