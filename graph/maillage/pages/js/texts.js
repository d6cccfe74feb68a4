// Words and texts in the language that is shown, and everything that must be said again when it changes.
const TONGUES = ["fr", "en", "zh"];
const TAGS = { fr: "fr", en: "en", zh: "zh-Hans" };
// Where a text is missing in one language, which others serve, nearest first.
const NEAREST = { fr: [0, 1, 2], en: [1, 0, 2], zh: [2, 1, 0] };
const root = document.documentElement;
let tongue = root.lang.slice(0, 2);

/** A word of the page, its places filled. */
function t(key, values = {}) {
  const word = D.words[key][TONGUES.indexOf(tongue)];
  return word.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const spoken = (ref) => {
  const said = D.texts[ref];
  return typeof said === "string" ? -1 : NEAREST[tongue].find((i) => said[i] !== null);
};

/** A text of the data in the language that is shown, or the nearest. */
function text(ref) {
  const said = D.texts[ref];
  return typeof said === "string" ? said : said[spoken(ref)];
}

/** Put a text into an element, which says so when the text is in another language. */
function put(element, ref) {
  const at = spoken(ref);
  element.textContent = text(ref);
  if (at >= 0 && TONGUES[at] !== tongue) element.lang = TAGS[TONGUES[at]];
  else element.removeAttribute("lang");
}

const numbers = {};
/** A number as the language writes it. */
function number(n) {
  numbers[tongue] ??= new Intl.NumberFormat(TAGS[tongue]);
  return numbers[tongue].format(n);
}

const DAY = 86_400_000;
const day = (n) => new Date(n * DAY).toISOString().slice(0, 10);
const year = (n) => new Date(n * DAY).getUTCFullYear();

/** A name as people compare names: without accents, case, hyphens and apostrophes. */
function fold(name) {
  return name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[-'’ʼ‐‑_.,()·\s]+/g, " ")
    .trim();
}

// Latin fonts first, or else ’ is drawn as wide as a Chinese character; the reverse in Chinese.
const LATIN = '"Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans"';
const HAN = '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei"';
const faces = () => (tongue === "zh" ? `${HAN}, ${LATIN}, sans-serif` : `${LATIN}, ${HAN}, sans-serif`);
