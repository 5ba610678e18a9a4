// The marks of a run: a colour, a dash and a shape, so that no two runs differ by colour alone.

const DASHES = [[], [7, 4], [2, 3]];
const SHAPES = ["circle", "square", "triangle"];

// The order to draw in: the active run comes last, above the others.
const onTop = (active, runs) => [...runs.filter((run) => run !== active), active];

function outline(context, kind, x, y, size) {
  context.beginPath();
  if (kind === "circle") context.arc(x, y, size, 0, 2 * Math.PI);
  if (kind === "square") context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  if (kind === "triangle") {
    context.moveTo(x, y - size * 1.15);
    context.lineTo(x + size * 1.1, y + size * 0.85);
    context.lineTo(x - size * 1.1, y + size * 0.85);
    context.closePath();
  }
}

function mark(context, run, x, y, look, size = 6) {
  outline(context, SHAPES[run.index], x, y, size);
  context.fillStyle = run.colour;
  context.fill();
  context.setLineDash([]);
  context.lineWidth = 2;
  context.strokeStyle = look.ground;
  context.stroke();
}

function cross(context, x, y, look) {
  for (const [width, style] of [[5, look.ground], [2, look.text]]) {
    context.beginPath();
    context.moveTo(x - 6, y);
    context.lineTo(x + 6, y);
    context.moveTo(x, y - 6);
    context.lineTo(x, y + 6);
    context.setLineDash([]);
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  }
}

function arrow(context, x, y, dx, dy, colour, look, dash) {
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  for (const [width, style] of [[5.5, look.ground], [2.5, colour]]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.setLineDash(style === colour ? dash : []);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + dx - ux * 5, y + dy - uy * 5);
    context.stroke();
  }
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(x + dx, y + dy);
  context.lineTo(x + dx - ux * 10 - uy * 5, y + dy - uy * 10 + ux * 5);
  context.lineTo(x + dx - ux * 10 + uy * 5, y + dy - uy * 10 - ux * 5);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function stroke(context, [x0, y0, x1, y1], colour, dash, width) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.setLineDash(dash);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
  context.setLineDash([]);
}

// A text that begins at x, or ends there with `side` -1; it stays inside the box.
function label(context, text, x, y, colour, look, box, side = 1) {
  context.font = `600 12px ${look.font}`;
  const width = context.measureText(text).width;
  const left = Math.min(Math.max(side < 0 ? x - width : x, box.left + 4), box.right - width - 4);
  const base = Math.min(Math.max(y, box.top + 14), box.bottom - 6);
  context.setLineDash([]);
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = look.ground;
  context.strokeText(text, left, base);
  context.fillStyle = colour;
  context.fillText(text, left, base);
}

function swatch(run) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 34 12");
  svg.setAttribute("aria-hidden", "true");
  shape(svg, "line", { x1: 0, x2: 34, y1: 6, y2: 6, stroke: run.colour, "stroke-width": 2.5, "stroke-dasharray": DASHES[run.index] });
  if (SHAPES[run.index] === "circle") shape(svg, "circle", { cx: 17, cy: 6, r: 5, fill: run.colour });
  if (SHAPES[run.index] === "square") shape(svg, "rect", { x: 12.5, y: 1.5, width: 9, height: 9, fill: run.colour });
  if (SHAPES[run.index] === "triangle") shape(svg, "path", { d: "M17 0l6 10.5h-12z", fill: run.colour });
  return svg;
}
