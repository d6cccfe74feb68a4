// Prefixes that a query uses and does not declare.
import { parts } from "./editor-paint.js";

/** The prefixes that a query declares, and where the last declaration ends. */
export function declared(query) {
  const names = new Set();
  let end = 0;
  let previous = "";
  for (const part of parts(query)) {
    if (part.kind === "comment") continue;
    if (part.kind === "term" && previous === "prefix") names.add(part.text.split(":")[0]);
    if (part.kind === "iri" && previous.endsWith(":")) end = part.end;
    previous = part.text.toLowerCase();
  }
  return { names, end };
}

/** The known prefixes that a query uses without declaring them, in the order of their names. */
export function missing(query, known) {
  const { names } = declared(query);
  const used = new Set();
  for (const part of parts(query)) {
    if (part.kind !== "term") continue;
    const name = part.text.split(":")[0];
    if (Object.hasOwn(known, name) && !names.has(name)) used.add(name);
  }
  return [...used].sort();
}

/** Lines that declare prefixes, and where in the query they belong: below those that are there. */
export function declarations(query, names, known) {
  const { end } = declared(query);
  const lines = names.map((name) => `PREFIX ${name}: <${known[name]}>`);
  if (end) return { at: end, text: `\n${lines.join("\n")}` };
  // the comments at the top stay at the top
  const at = /^(?:[ \t]*(?:#[^\n]*)?\n)*/.exec(query)[0].length;
  return { at, text: `${lines.join("\n")}\n` };
}
