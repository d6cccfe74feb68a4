// The parts of a SPARQL query, and a coloured copy of it behind the text that is written.
const PARTS = new RegExp(
  [
    "(?<comment>#[^\\n]*)",
    '(?<string>"""(?:[^"\\\\]|\\\\[^]|"(?!""))*(?:"""|$)|\'\'\'(?:[^\'\\\\]|\\\\[^]|\'(?!\'\'))*(?:\'\'\'|$)|"(?:[^"\\\\\\n]|\\\\.)*"?|\'(?:[^\'\\\\\\n]|\\\\.)*\'?)',
    '(?<iri><[^<>"{}|^`\\\\\\s]*>)',
    "(?<variable>[?$][\\p{L}_\\d]+)",
    "(?<tag>@[A-Za-z]+(?:-[A-Za-z\\d]+)*)",
    "(?<term>(?:[\\p{L}][\\p{L}\\d_.-]*)?:(?:[\\p{L}\\d_](?:[\\p{L}\\d_.-]*[\\p{L}\\d_-])?)?)",
    "(?<word>[\\p{L}_][\\p{L}\\d_]*)",
    "(?<number>\\d+(?:\\.\\d+)?)",
  ].join("|"),
  "gu",
);

/** The parts that mean something: kind, text, and where each begins and ends. */
export function* parts(query) {
  for (const found of query.matchAll(PARTS)) {
    const [kind] = Object.entries(found.groups).find(([, text]) => text !== undefined);
    yield { kind, text: found[0], start: found.index, end: found.index + found[0].length };
  }
}

/** Where in a text a line and a column are; both count from 1. */
export function offset(query, line, column) {
  const lines = query.split("\n");
  const before = lines.slice(0, Math.max(line - 1, 0)).reduce((sum, text) => sum + text.length + 1, 0);
  return Math.min(before + Math.max(column - 1, 0), query.length);
}

/** A coloured copy of a query; `marks` are places at which an element of the copy is wanted. */
export function paint(sheet, query, bad, caret) {
  const made = [];
  let done = 0;
  let marker = null;
  const plain = (end, className) => {
    // an empty element stands where the caret is: what it is asked is where that lies
    if (caret >= done && caret <= end && marker === null) {
      const first = query.slice(done, caret);
      if (first) made.push(piece(first, className));
      marker = document.createElement("span");
      made.push(marker);
      done = caret;
    }
    if (end > done) made.push(piece(query.slice(done, end), className));
    done = end;
  };
  for (const part of parts(query)) {
    if (part.start > done) plain(part.start, bad !== null && bad >= done && bad < part.start ? "bad" : "");
    const isBad = bad !== null && bad >= part.start && bad < part.end;
    plain(part.end, isBad ? `${part.kind} bad` : part.kind);
  }
  plain(query.length, bad !== null && bad >= done ? "bad" : "");
  if (bad !== null && bad >= query.length) made.push(piece(" ", "bad"));
  // a last line that is empty has no height in the copy
  made.push(document.createTextNode("\n"));
  sheet.replaceChildren(...made);
  return marker;
}

function piece(text, className) {
  if (!className) return document.createTextNode(text);
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
