// Elements made from data: names and texts are always text, never markup.
const SVG = "http://www.w3.org/2000/svg";

function made(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") element.textContent = value;
    else if (name === "t") element.dataset.t = value;
    else if (name === "ref") element.dataset.ref = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  say(element);
  return element;
}
/** An HTML element. Props: text, t (a word, said again in each language), ref (a text, likewise), on, data, attributes. */
const h = (tag, props, ...children) => made(document.createElement(tag), props, children);
/** An SVG element, likewise. */
const s = (tag, props, ...children) => made(document.createElementNS(SVG, tag), props, children);

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Say the words of one element in the language that is shown. */
function say(element) {
  const { t: word, ref, label, title } = element.dataset;
  if (word) element.textContent = t(word);
  if (ref) put(element, Number(ref));
  if (label) element.setAttribute("aria-label", t(label));
  if (title) element.setAttribute("title", t(title));
}
const WORDED = "[data-t], [data-ref], [data-label], [data-title]";
function sayAll(within) {
  for (const element of all(WORDED, within)) say(element);
}

/** Unfold a list within the page, whatever its width and wherever its button stands. */
function keepInside(details) {
  const drop = details.querySelector(".drop");
  const start = details.getBoundingClientRect().left;
  const most = root.clientWidth - drop.getBoundingClientRect().width - 8;
  drop.style.left = `${Math.max(8, Math.min(start, most)) - start}px`;
}

/** Tell those who do not see the page what happened. */
function announce(told) {
  const region = document.getElementById("announced");
  if (region) region.textContent = told;
}

/** An SVG element as a document of its own: what the styles give it stands in it. */
const KEPT = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-opacity", "opacity",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "paint-order",
  "stroke-linejoin", "display", "visibility",
];
function svgText(element) {
  const copy = element.cloneNode(true);
  const [from, into] = [element, copy].map((e) => [e, ...e.querySelectorAll("*")]);
  from.forEach((original, i) => {
    const style = getComputedStyle(original);
    if (style.display === "none") {
      into[i].setAttribute("display", "none");
      return;
    }
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value) into[i].setAttribute(name, value);
    }
    for (const name of [...into[i].getAttributeNames()]) {
      if (/^(class|style|tabindex|role|id|data-|aria-|on)/.test(name)) into[i].removeAttribute(name);
    }
  });
  for (const hidden of copy.querySelectorAll('[display="none"]')) hidden.remove();
  const { width, height } = element.getBoundingClientRect();
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("width", Math.round(width) || 1200);
  copy.setAttribute("height", Math.round(height) || 800);
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${Math.round(width)} ${Math.round(height)}`);
  const title = document.createElementNS(SVG, "title");
  title.textContent = text(D.title);
  copy.prepend(title);
  return new XMLSerializer().serializeToString(copy);
}
