/* The panel: the record of what is selected, the way back, and where the focus goes. */
const { mountPanel, showPanel } = (() => {
  let panel;
  let current; // what is shown: "party 12", "" for nothing
  let opener = null; // what had the focus before the panel opened
  let trail = []; // what was shown before, for the way back
  let isGoingBack = false;

  function close() {
    const isInside = panel.contains(document.activeElement);
    select(null);
    if (!isInside) return;
    // Where nothing opened it, as when an address did, or it is gone: the view.
    (opener?.isConnected ? opener : document.getElementById(`tab-${view}`)).focus();
  }

  function back() {
    const [type, i] = trail.pop();
    isGoingBack = true;
    select(type, i);
  }

  function remember(key) {
    openLists.clear();
    const focused = document.activeElement;
    if (!panel.contains(focused) && focused !== document.body) opener = focused;
    const [type, i] = (current ?? "").split(" ");
    if (!key) trail = [];
    else if (i && !isGoingBack) trail.push([type, Number(i)]);
    isGoingBack = false;
  }

  function write() {
    const head = h("h2", { id: "panel-head", tabindex: "-1" });
    panel.classList.toggle("busy", Boolean(selection));
    if (!selection) {
      head.append(h("span", { t: "panel" }));
      panel.replaceChildren(head, ...overview());
      return head;
    }
    const bar = h("div", { class: "ways" });
    if (trail.length) bar.append(pieceButton("back", back, t("panel-back")));
    bar.append(pieceButton("close", close, t("close")));
    head.append(...titleOf(selection.type, selection.i));
    panel.replaceChildren(bar, head, ...recordOf(selection.type, selection.i));
    return head;
  }

  /** Shows what is selected. Another thing takes the focus to its heading, the same one keeps it. */
  function showPanel() {
    const key = selection ? `${selection.type} ${selection.i}` : "";
    const [isFirst, isSame] = [current === undefined, key === current];
    const held = panel.contains(document.activeElement) ? document.activeElement.dataset.piece : null;
    if (!isSame) remember(key);
    current = key;
    const head = write();
    if (isFirst) return;
    if (!isSame && key) {
      panel.scrollTop = 0;
      head.focus();
    } else if (isSame && held !== null) {
      const pieces = [...panel.querySelectorAll("[data-piece]")];
      (pieces.find((piece) => piece.dataset.piece === held) ?? head).focus();
    }
  }

  function mountPanel(element) {
    panel = element;
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !selection) return;
      if (!["input", "select"].includes(event.target.localName)) close();
    });
    showPanel();
  }
  return { mountPanel, showPanel };
})();
