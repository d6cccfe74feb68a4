// Suggestions: keywords, prefixes, classes, properties, variables of the query, and things by name.
import { parts } from "./editor-paint.js";

const KEYWORDS = "ASK AS ASC BASE BIND BOUND BY COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DESC DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP GROUP_CONCAT HAVING IF IN LANG LANGMATCHES LCASE LIMIT MAX MIN MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED REGEX REPLACE SAMPLE SELECT SEPARATOR STR STRENDS STRSTARTS SUBSTR SUM UNDEF UNION VALUES WHERE YEAR".split(" ");
const MOST = 12;

/** A text as people compare texts: without accents and capitals. */
export const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** What is being written at the caret: the part of the query that ends there. */
export function writing(query, caret) {
  // an address that is not closed yet
  if (/<[^<>\s]*$/.test(query.slice(0, caret))) return null;
  for (const part of parts(query)) {
    if (part.start < caret && part.end >= caret) {
      if (["comment", "string", "iri", "number", "tag"].includes(part.kind)) return null;
      return { kind: part.kind, text: query.slice(part.start, caret), start: part.start, end: part.end };
    }
    if (part.start >= caret) break;
  }
  return { kind: "", text: "", start: caret, end: caret };
}

/** What a part of a query may become, the likeliest first. */
export function suggestions(query, now, data, lang) {
  if (now.kind === "variable") return variables(query, now);
  const sought = folded(now.text);
  const found = [];
  if (now.kind === "term") {
    const [prefix, local] = now.text.split(":");
    for (const term of data.terms) {
      if (!term.name.startsWith(`${prefix}:`)) continue;
      const rank = folded(term.name).startsWith(sought) ? 0 : fits(term, folded(local), lang) ? 1 : 9;
      if (rank < 9) found.push({ rank, text: term.name, kind: term.kind, label: term.labels[lang] ?? "" });
    }
  } else {
    for (const term of data.terms) {
      const local = folded(term.name.split(":")[1]);
      const rank = sought && local.startsWith(sought) ? 2 : fits(term, sought, lang) ? 3 : 9;
      if (rank < 9) found.push({ rank, text: term.name, kind: term.kind, label: term.labels[lang] ?? "" });
    }
    for (const name of Object.keys(data.prefixes)) {
      if (sought && name.startsWith(sought)) found.push({ rank: 1, text: `${name}:`, kind: "prefix", label: data.prefixes[name] });
    }
    for (const word of KEYWORDS) {
      if (sought && word.toLowerCase().startsWith(sought)) found.push({ rank: word.toLowerCase() === sought ? 9 : 0, text: word, kind: "keyword", label: "" });
    }
  }
  found.sort((one, other) => one.rank - other.rank || one.text.length - other.text.length || (one.text < other.text ? -1 : 1));
  return found.filter(({ rank }) => rank < 9).slice(0, MOST);
}

function fits(term, sought, lang) {
  if (!sought) return true;
  return [term.labels[lang], term.labels.en].some((label) => label && ` ${folded(label)}`.includes(/\p{Script=Han}/u.test(sought) ? sought : ` ${sought}`));
}

function variables(query, now) {
  const known = new Set([...parts(query)].filter((part) => part.kind === "variable" && part.start !== now.start).map((part) => part.text));
  return [...known]
    .filter((text) => text.startsWith(now.text) && text !== now.text)
    .sort()
    .slice(0, MOST)
    .map((text) => ({ text, kind: "variable", label: "" }));
}

let asking = null;
/** Things whose names begin so; of several questions, only the last is answered. */
export async function things(address, sought, lang) {
  asking?.abort();
  asking = new AbortController();
  const to = new URL(address, document.baseURI);
  to.search = new URLSearchParams({ q: sought, lang });
  try {
    const answer = await fetch(to, { signal: asking.signal });
    if (!answer.ok) return [];
    const { things: found } = await answer.json();
    return found.slice(0, 8).map(({ iri, label, kind }) => ({ text: `<${iri}>`, shown: label, kind, label: kind }));
  } catch {
    return [];
  }
}
