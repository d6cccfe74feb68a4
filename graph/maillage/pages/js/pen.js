// One drawing code, two pens: a picture is told to a pen, which puts it on a canvas or writes it
// as SVG. Both take the same calls, in CSS pixels of the frame, so that what is exported is what
// is seen. Shapes between begin() and end() share one style, {fill, stroke, width, dash, alpha}.

const HALO = "#ffffff";
// A long path is slow to stroke, and so is one path a line: this many to a path are the fastest.
const BATCH = 32;

function canvasPen(context) {
  let style = null;
  let waiting = 0;
  const flush = () => {
    if (style.fill) context.fill();
    if (style.stroke) context.stroke();
    context.beginPath();
    waiting = 0;
  };
  const added = () => {
    waiting += 1;
    if (waiting === BATCH) flush();
  };
  return {
    begin(next) {
      style = next;
      context.globalAlpha = style.alpha ?? 1;
      context.fillStyle = style.fill ?? "#000000";
      context.strokeStyle = style.stroke ?? "#000000";
      context.lineWidth = style.width ?? 1;
      context.setLineDash(style.dash ?? []);
      context.beginPath();
    },
    line(x1, y1, x2, y2) {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      added();
    },
    curve(x1, y1, cx, cy, x2, y2) {
      context.moveTo(x1, y1);
      context.quadraticCurveTo(cx, cy, x2, y2);
      added();
    },
    circle(x, y, radius) {
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
      added();
    },
    rect(x, y, width, height) {
      context.rect(x, y, width, height);
      added();
    },
    diamond(x, y, radius) {
      context.moveTo(x, y - radius);
      context.lineTo(x + radius, y);
      context.lineTo(x, y + radius);
      context.lineTo(x - radius, y);
      context.closePath();
      added();
    },
    end() {
      flush();
      context.globalAlpha = 1;
      context.setLineDash([]);
    },
    // The middle of the letters, not their foot, stands at y: 0.35 em is half a capital's height.
    text(x, y, words, { size, bold, fill, halo, align = "center" }) {
      context.font = `${bold ? "bold " : ""}${size}px ${faces()}`;
      context.textAlign = align;
      context.textBaseline = "alphabetic";
      context.lineJoin = "round";
      if (halo) {
        context.lineWidth = halo;
        context.strokeStyle = HALO;
        context.strokeText(words, x, y + 0.35 * size);
      }
      context.fillStyle = fill;
      context.fillText(words, x, y + 0.35 * size);
    },
  };
}

const XML_SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

// Text for an XML document: its signs escaped, and without the characters that no XML may hold.
function xml(words) {
  return String(words)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "")
    .replace(/[&<>"']/g, (sign) => XML_SIGNS[sign]);
}

function svgPen() {
  const parts = [];
  let style = null;
  let path = [];
  const n = (value) => String(Math.round(value * 10) / 10);
  const at = (x, y) => `${n(x)} ${n(y)}`;
  const pairs = (given) =>
    Object.entries(given)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => ` ${name}="${xml(value)}"`)
      .join("");
  return {
    begin(next) {
      style = next;
      path = [];
    },
    line: (x1, y1, x2, y2) => path.push(`M${at(x1, y1)}L${at(x2, y2)}`),
    curve: (x1, y1, cx, cy, x2, y2) => path.push(`M${at(x1, y1)}Q${at(cx, cy)} ${at(x2, y2)}`),
    circle(x, y, radius) {
      const r = n(radius);
      const half = (side) => `a${r} ${r} 0 0 1 ${n(side * 2 * radius)} 0`;
      path.push(`M${at(x - radius, y)}${half(1)}${half(-1)}Z`);
    },
    rect: (x, y, width, height) => path.push(`M${at(x, y)}h${n(width)}v${n(height)}h${n(-width)}Z`),
    diamond: (x, y, r) => path.push(`M${at(x, y - r)}L${at(x + r, y)} ${at(x, y + r)} ${at(x - r, y)}Z`),
    end() {
      if (!path.length) return;
      const { fill, stroke, width, dash, alpha } = style;
      const look = {
        fill: fill ?? "none",
        stroke,
        "stroke-width": stroke && (width ?? 1),
        "stroke-dasharray": dash?.length ? dash.map(n).join(" ") : null,
        opacity: alpha === 1 ? null : alpha,
      };
      // A see-through line darkens where another crosses it, as on the canvas.
      const paths = alpha < 1 && stroke ? path : [path.join("")];
      const shapes = paths.map((d) => `<path d="${d}"/>`).join("\n");
      parts.push(`<g${pairs(look)}>\n${shapes}\n</g>`);
    },
    text(x, y, words, { size, bold, fill, halo, align = "center" }) {
      const look = {
        x: n(x),
        y: n(y + 0.35 * size),
        "font-size": n(size),
        "font-weight": bold ? "bold" : null,
        fill,
        "text-anchor": { left: "start", center: "middle", right: "end" }[align],
        stroke: halo ? HALO : null,
        "stroke-width": halo,
        "stroke-linejoin": halo ? "round" : null,
        "paint-order": halo ? "stroke" : null,
      };
      parts.push(`<text${pairs(look)}>${xml(words)}</text>`);
    },
    // What was drawn, as an element of the page.
    element(width, height) {
      const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
      const source = `<svg xmlns="${SVG}" ${size} aria-hidden="true">${parts.join("")}</svg>`;
      return document.importNode(new DOMParser().parseFromString(source, "image/svg+xml").documentElement, true);
    },
    // The finished document; what reaches over the frame is cut off, as on the screen.
    document(width, height, title) {
      const [w, h] = [Math.round(width), Math.round(height)];
      const size = `width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"`;
      return [
        `<svg xmlns="${SVG}" ${size} role="img" xml:lang="${xml(document.documentElement.lang)}">`,
        `<title>${xml(title)}</title>`,
        `<clipPath id="frame"><rect width="${w}" height="${h}"/></clipPath>`,
        `<rect width="${w}" height="${h}" fill="#ffffff"/>`,
        `<g clip-path="url(#frame)" font-family="${xml(faces())}">`,
        ...parts,
        "</g>",
        "</svg>",
        "",
      ].join("\n");
    },
  };
}
