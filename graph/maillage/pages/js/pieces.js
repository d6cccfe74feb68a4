/* Pieces that the matrix and the timeline share: a menu for an option, the list of the links behind
   a number, and steps from one thing to the next with the arrow keys. */

/** A labelled menu that sets an option; `entries` are [value, props of the menu's entry]. */
function choice(name, word, entries) {
  const menu = h(
    "select",
    { data: { option: name }, on: { change: () => setOption(name, menu.value) } },
    ...entries.map(([value, props]) => h("option", { value, ...props })),
  );
  menu.value = option(name);
  return h("label", { class: "choice" }, h("span", { t: word }), menu);
}

/** Brings the menus under an element up to the options, which an address may have changed. */
function syncChoices(root) {
  for (const menu of root.querySelectorAll("select[data-option]")) {
    menu.value = option(menu.dataset.option);
  }
}

/** The links that the selection or the pointer is about, as a set; empty when about none. */
function linksAbout(thing) {
  if (!thing) return new Set();
  if (thing.type === "link") return new Set([thing.i]);
  if (thing.type === "party") return new Set(partyLinks[thing.i]);
  if (thing.type === "theme") return new Set(themeLinks[thing.i]);
  if (thing.type === "event") return new Set();
  const about = new Set();
  D.parties.area.forEach((area, party) => {
    if (area === thing.i) for (const link of partyLinks[party]) about.add(link);
  });
  return about;
}

/** Pixels that words take in the page's fonts. */
const textWidth = (() => {
  const pen = document.createElement("canvas").getContext("2d");
  return (words, size) => {
    pen.font = `${size}px ${faces()}`;
    return pen.measureText(words).width;
  };
})();

/** Words cut to fit so many pixels; nothing where what is left would say nothing. */
function shortened(words, room, size) {
  const LEAST = 12; // letters
  const width = textWidth(words, size);
  if (width <= room) return words;
  const characters = [...words];
  let kept = Math.floor((characters.length * room) / width);
  const cut = () => `${characters.slice(0, kept).join("").trimEnd()}…`;
  while (kept >= LEAST && textWidth(cut(), size) > room) kept -= 1;
  return kept >= LEAST ? cut() : "";
}

/** Makes one thing the only stop of the Tab key among others, all of which the arrow keys reach. */
function rove(others, to, focus) {
  for (const other of others) other.setAttribute("tabindex", "-1");
  to.setAttribute("tabindex", "0");
  if (!focus) return;
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const BESIDE_HEADS = 200;
/** Scrolls a frame to the first of some elements, unless it shows one of them already. */
function reveal(frame, elements) {
  const { left, right, top, bottom } = frame.getBoundingClientRect();
  const places = elements.map((element) => element.getBoundingClientRect());
  if (!places.length || places.some((place) => place.left >= left && place.right <= right && place.top >= top && place.bottom <= bottom)) return;
  const [first] = places;
  // Off the corner by as much as heads and axes take, so that the size of the frame does not matter.
  frame.scrollBy(first.left - left - BESIDE_HEADS, first.top - top - BESIDE_HEADS);
}

/** The small window that lists the links behind a cell of the matrix or a column of the timeline. */
const behind = (() => {
  const STEP = 50;
  let box = null;
  let anchor = null;

  function shut(back) {
    if (!box) return;
    box.remove();
    box = null;
    if (back && anchor.isConnected) anchor.focus();
  }

  function row(link) {
    const kind = D.links.kind[link];
    const choose = () => {
      if (matchMedia("(max-width: 44rem)").matches) shut(true);
      select("link", link);
    };
    const said = h("small", {});
    said.textContent = [kind < 0 ? "" : text(D.facets.kind.text[kind]), text(D.links.dates[link])]
      .filter(Boolean)
      .join(" · ");
    const button = h("button", { type: "button", class: "open", on: { click: choose } }, h("bdi", { text: linkName(link) }));
    return h("li", {}, button, said);
  }

  function fill(list, more, links, from) {
    list.append(...links.slice(from, from + STEP).map(row));
    const left = links.length - Math.min(links.length, from + STEP);
    more.hidden = !left;
    more.textContent = t("pieces-more", { n: number(Math.min(left, STEP)), left: number(left) });
  }

  /** Beside what was clicked; within the window, whose foot it fills on a phone. */
  function place() {
    const at = anchor.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const left = Math.min(at.right + 6, innerWidth - size.width - 8);
    const top = Math.min(at.top, innerHeight - size.height - 8);
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${Math.max(8, top)}px`;
  }

  /** One link opens at once, several are listed; `narrow` is null or a filter, that `word` calls. */
  function open(beside, title, links, narrow, word = "pieces-narrow") {
    shut(false);
    if (links.length === 1) {
      select("link", links[0]);
      return;
    }
    anchor = beside;
    const list = h("ul", {});
    const more = h("button", { type: "button", class: "more", on: { click: () => fill(list, more, links, list.children.length) } });
    const head = h("h2", { id: "behind-head", text: title, tabindex: "-1" });
    const actions = h("p", { class: "actions" });
    if (narrow) {
      const act = () => {
        shut(true);
        narrow();
      };
      actions.append(h("button", { type: "button", t: word, on: { click: act } }));
    }
    actions.append(h("button", { type: "button", t: "pieces-close", on: { click: () => shut(true) } }));
    box = h("div", { class: "behind", role: "dialog", "aria-labelledby": "behind-head" }, head, actions, list, more);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      shut(true);
    });
    fill(list, more, links, 0);
    beside.closest(".view").append(box);
    place();
    head.focus();
  }

  document.addEventListener("pointerdown", (event) => {
    if (box && !box.contains(event.target)) shut(false);
  });
  return { open, shut };
})();
