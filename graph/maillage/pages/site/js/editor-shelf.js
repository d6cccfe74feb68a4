// The queries that were put from this browser, kept in it alone.
const KEY = "maillage-queries";
const MOST = 30;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((text) => typeof text === "string") : [];
  } catch {
    return [];
  }
}

function write(kept) {
  try {
    if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept));
    else localStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing has no list
  }
}

/** Keep a query, once, as the latest. */
export function keep(query) {
  write([query, ...read().filter((text) => text !== query)].slice(0, MOST));
}

/** Show what is kept; a click hands a query over. */
export function shelf(box, chosen) {
  const list = box.querySelector("ol");
  const kept = read();
  box.hidden = kept.length === 0;
  list.replaceChildren(
    ...kept.map((query) => {
      const entry = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = query.replace(/^(\s*(#.*|PREFIX [^\n]*))*\s*/i, "").replace(/\s+/g, " ").slice(0, 120) || query.slice(0, 120);
      button.title = query.slice(0, 1000);
      button.addEventListener("click", () => chosen(query));
      entry.append(button);
      return entry;
    }),
  );
  box.querySelector("[data-clear]").onclick = () => {
    write([]);
    shelf(box, chosen);
    document.getElementById("query").focus();
  };
}
