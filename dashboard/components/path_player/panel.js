// A panel: axes in SVG below, and above them a still canvas and a moving one.

const MARGIN = { left: 62, right: 12, top: 8, bottom: 44 };
const SVG = "http://www.w3.org/2000/svg";

function shape(parent, name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

class Panel {
  constructor(figure) {
    this.figure = figure;
    this.stage = figure.querySelector(".stage");
    this.svg = figure.querySelector(".stage > svg");
    this.canvases = [...figure.querySelectorAll("canvas")];
    [this.still, this.live] = this.canvases.map((canvas) => canvas.getContext("2d"));
  }

  // Use the available width; the inner box keeps the aspect. Returns false while there is no width.
  measure(aspect) {
    const width = this.stage.clientWidth;
    if (width < 120) return false;
    const inner = width - MARGIN.left - MARGIN.right;
    const height = Math.round(inner / aspect) + MARGIN.top + MARGIN.bottom;
    this.box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    this.stage.style.height = `${height}px`;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of this.canvases) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    return true;
  }

  // Begin a drawing of the view (left, right, bottom, top). Returns false while there is no width.
  begin(runs, look, [left, right, bottom, top], aspect, description) {
    this.runs = runs;
    this.look = look;
    this.view = { left, right, bottom, top };
    if (!this.measure(aspect)) return false;
    this.svg.replaceChildren();
    this.svg.setAttribute("aria-label", description);
    return true;
  }

  x(value) {
    const { left, right } = this.view;
    return this.box.left + ((value - left) / (right - left)) * (this.box.right - this.box.left);
  }

  y(value) {
    const { bottom, top } = this.view;
    return this.box.bottom - ((value - bottom) / (top - bottom)) * (this.box.bottom - this.box.top);
  }

  // Whether a place on the stage lies in the inner box.
  holds([x, y]) {
    const { left, right, top, bottom } = this.box;
    return x >= left && x <= right && y >= top && y <= bottom;
  }

  // The point of the plane below a place on the stage, or null outside the inner box.
  under(px, py) {
    if (!this.holds([px, py])) return null;
    const { left, right, top, bottom } = this.box;
    const { view } = this;
    return [
      view.left + ((px - left) / (right - left)) * (view.right - view.left),
      view.bottom + ((bottom - py) / (bottom - top)) * (view.top - view.bottom),
    ];
  }

  // Draw the axes with their titles; `marks` chooses the numbers on the vertical one.
  axes(horizontal, vertical, marks = ticks) {
    const { box, svg, view } = this;
    const columns = ticks(view.left, view.right, Math.max(3, (box.right - box.left) / 80));
    const rows = marks(view.bottom, view.top, Math.max(3, (box.bottom - box.top) / 45));
    for (const { value, text } of columns) {
      const x = this.x(value);
      shape(svg, "line", { class: "grid", x1: x, x2: x, y1: box.bottom, y2: box.bottom + 5 });
      shape(svg, "text", { x, y: box.bottom + 18, "text-anchor": "middle" }, text);
    }
    for (const { value, text } of rows) {
      const y = this.y(value);
      shape(svg, "line", { class: "grid", x1: box.left - 5, x2: box.left, y1: y, y2: y });
      shape(svg, "text", { x: box.left - 8, y: y + 4, "text-anchor": "end" }, text);
    }
    const middle = (box.top + box.bottom) / 2;
    shape(svg, "rect", { class: "border", x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top });
    shape(svg, "text", { class: "title", x: (box.left + box.right) / 2, y: box.bottom + 37, "text-anchor": "middle" }, horizontal);
    shape(svg, "text", { class: "title", x: 13, y: middle, "text-anchor": "middle", transform: `rotate(-90 13 ${middle})` }, vertical);
  }

  clear(context) {
    context.clearRect(0, 0, this.stage.clientWidth, this.stage.clientHeight);
  }

  // Draw with a context whatever `draw` draws, but only what lies in the inner box.
  inside(context, draw) {
    const { left, right, top, bottom } = this.box;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    draw(context);
    context.restore();
  }

  // Draw a run's line through `points`, leaving out what lies beyond the inner box.
  trace(context, run, points, width) {
    let [x, y] = points[0];
    let [endX, endY] = [NaN, NaN];
    context.beginPath();
    for (const [nextX, nextY] of points) {
      const part = clipped(x, y, nextX, nextY, this.box);
      if (part) {
        if (part[0] !== endX || part[1] !== endY) context.moveTo(part[0], part[1]);
        context.lineTo(part[2], part[3]);
        [, , endX, endY] = part;
      }
      [x, y] = [nextX, nextY];
    }
    context.setLineDash(DASHES[run.index]);
    context.lineJoin = "round";
    context.lineWidth = width;
    context.strokeStyle = run.colour;
    context.stroke();
  }
}
