// Pointer and keyboard in the network: what is under the pointer is lit, what is clicked is chosen,
// and the arrow keys go from party to party.

const STROLL_ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// seen: what the view knows of the present picture: camera(), labels(), isMoving(), reveal(i); acts:
// home(), zoom(factor), pan(dx, dy).
function steering(box, figure, seen, acts) {
  let pointed = null; // under the pointer
  let reached = -1; // with the keyboard

  const at = (i) => {
    const camera = seen.camera();
    return [figure.x[i] * camera.k + camera.x, figure.y[i] * camera.k + camera.y];
  };

  function under(px, py) {
    if (seen.isMoving()) return null;
    const party = figure.partyAt(seen.camera(), px, py);
    if (party >= 0) return { type: "party", i: party };
    const label = seen.labels().find(({ i, left, top, width, height }) => {
      const [x, y] = at(i);
      return px >= x + left && px <= x + left + width && py >= y + top && py <= y + top + height;
    });
    if (label) return { type: "party", i: label.i };
    const line = figure.lineAt(seen.camera(), px, py);
    return line < 0 ? null : { type: "link", i: figure.linkOf[line] };
  }

  function point(thing) {
    if (same(thing, pointed)) return;
    pointed = thing;
    box.style.cursor = thing ? "pointer" : "";
    if (thing) hover(thing.type, thing.i);
    else hover(null);
  }

  function reach(i) {
    if (i === reached) return;
    reached = i;
    if (i < 0) {
      hover(null);
      return;
    }
    seen.reveal(i);
    hover("party", i);
    const links = partyLinks[i].filter((link) => shown.links[link]).length;
    announce(t("network-reached", { name: partyName(i), n: number(links) }));
  }

  // The party to go to with an arrow: near, and rather ahead than aside; at first, that in the middle.
  function ahead(dx, dy) {
    const camera = seen.camera();
    const chosenParty = selection?.type === "party" && shown.parties[selection.i] ? selection.i : -1;
    const start = reached >= 0 && shown.parties[reached] ? reached : chosenParty;
    const [x, y] = start < 0 ? [camera.width / 2, camera.height / 2] : at(start);
    let best = { i: -1, cost: Infinity };
    for (let i = 0; i < PARTIES; i += 1) {
      if (!shown.parties[i] || i === start) continue;
      const [px, py] = at(i);
      const along = (px - x) * dx + (py - y) * dy;
      const aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
      const cost = start < 0 ? Math.hypot(px - x, py - y) : along + 2.5 * aside;
      if ((start < 0 || (along > 0.5 && aside <= 2 * along)) && cost < best.cost) best = { i, cost };
    }
    if (best.i >= 0) reach(best.i);
  }

  const choose = () => reached >= 0 && select("party", reached);
  const keys = {
    "+": () => acts.zoom(1.25),
    "=": () => acts.zoom(1.25),
    "-": () => acts.zoom(0.8),
    0: acts.home,
    Enter: choose,
    " ": choose,
    Escape() {
      reach(-1);
      select(null);
    },
  };

  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = STROLL_ARROWS[event.key];
    if (!arrow && !keys[event.key]) return;
    event.preventDefault();
    if (!arrow) keys[event.key]();
    else if (event.shiftKey) acts.pan(80 * arrow[0], 80 * arrow[1]);
    else ahead(...arrow);
  });
  box.addEventListener("blur", () => reach(-1));
  box.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) return;
    const { left, top } = box.getBoundingClientRect();
    point(under(event.clientX - left, event.clientY - top));
  });
  box.addEventListener("pointerleave", () => point(null));

  return {
    click(px, py) {
      const thing = under(px, py);
      if (thing) select(thing.type, thing.i);
      else select(null);
    },
    letGo: () => point(null),
    isPointing: () => pointed !== null,
  };
}
