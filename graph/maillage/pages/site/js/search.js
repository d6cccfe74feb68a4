"use strict";
// The search of a static site: the same names as the server looks through, in the browser.
(() => {
  const box = document.getElementById("found");
  const field = document.getElementById("find");
  const known = globalThis.maillageLabels;
  const asked = new URLSearchParams(location.search).get("q") || "";
  field.value = asked;
  if (!box || !known) return;
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[-'’ʼ‐‑_.,()·\s]+/g, " ").trim();
  const tongue = { fr: 1, en: 2, zh: 3 }[document.documentElement.lang.slice(0, 2)] || 2;
  const wanted = plain(asked);
  if (!wanted) return;
  const hits = new Map();
  for (const row of known.rows) {
    let level = 9;
    for (const name of row.slice(1)) {
      const own = plain(name);
      if (own === wanted) level = 0;
      else if (own.startsWith(wanted)) level = Math.min(level, 1);
      else if (` ${own}`.includes(` ${wanted}`)) level = Math.min(level, 2);
      else if (own.includes(wanted)) level = Math.min(level, 3);
    }
    if (level > 3) continue;
    const kind = row[0].split("/")[0];
    if (!hits.has(kind)) hits.set(kind, []);
    hits.get(kind).push([level, row]);
  }
  if (!hits.size) {
    const none = document.createElement("p");
    none.className = "notice";
    none.textContent = box.dataset.nothing;
    box.append(none);
    return;
  }
  const best = (found) => Math.min(...found.map(([level]) => level));
  const groups = [...hits].sort((a, b) => best(a[1]) - best(b[1]));
  const total = document.createElement("p");
  total.textContent = box.dataset.found + groups.reduce((n, [, found]) => n + found.length, 0);
  box.append(total);
  for (const [kind, found] of groups) {
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    heading.textContent = `${known.kinds[kind][tongue - 1]} (${found.length})`;
    const list = document.createElement("ul");
    found.sort((a, b) => a[0] - b[0] || a[1][tongue].localeCompare(b[1][tongue]));
    for (const [, row] of found.slice(0, 50)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${box.dataset.root}${row[0]}/`;
      link.textContent = row[tongue];
      item.append(link);
      list.append(item);
    }
    section.append(heading, list);
    box.append(section);
  }
})();
