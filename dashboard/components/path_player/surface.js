// The panel with the loss surface: its regions, the whole paths faintly, and what has been walked of them.

class SurfacePanel extends Panel {
  draw(data, runs, look) {
    this.data = data;
    this.runs = runs;
    this.look = look;
    const [left, right, bottom, top] = data.window;
    this.view = { left, right, bottom, top };
    if (!this.measure(data.aspect)) return false;
    this.svg.replaceChildren();
    this.svg.setAttribute("aria-label", data.description);
    const bands = data.levels.length;
    const { box } = this;
    shape(this.svg, "rect", {
      x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top, style: `fill: ${bandColour(bands, bands)}`,
    });
    data.regions.forEach((rings, index) => {
      const d = rings.map((ring) => this.outline(decoded(ring, Float32Array))).join("");
      if (d) shape(this.svg, "path", { class: "contour", d, "fill-rule": "evenodd", style: `fill: ${bandColour(bands - 1 - index, bands)}` });
    });
    this.axes(...data.axes);
    this.clear(this.still);
    this.inside(this.still, (context) => {
      context.globalAlpha = 0.4;
      for (const run of runs) this.path(context, run, run.last, 1);
      context.globalAlpha = 1;
      const [x, y] = [this.x(data.lowest.at[0]), this.y(data.lowest.at[1])];
      cross(context, x, y, look);
      label(context, data.lowest.name, x + 9, y + 16, look.text, look, box);
    });
    return true;
  }

  outline(ring) {
    let d = "";
    for (let index = 0; index < ring.length; index += 2) {
      d += `${index ? "L" : "M"}${this.x(ring[index]).toFixed(1)} ${this.y(ring[index + 1]).toFixed(1)}`;
    }
    return `${d}Z`;
  }

  // The path from the start to time `at`.
  path(context, run, at, width) {
    const { positions } = run;
    const whole = Math.min(Math.floor(at), run.last);
    let [x, y] = [this.x(positions[0]), this.y(positions[1])];
    let [endX, endY] = [NaN, NaN];
    context.beginPath();
    const line = (nextX, nextY) => {
      const part = clipped(x, y, nextX, nextY, this.box);
      if (part) {
        if (part[0] !== endX || part[1] !== endY) context.moveTo(part[0], part[1]);
        context.lineTo(part[2], part[3]);
        [, , endX, endY] = part;
      }
      [x, y] = [nextX, nextY];
    };
    for (let index = 1; index <= whole; index += 1) line(this.x(positions[2 * index]), this.y(positions[2 * index + 1]));
    if (whole < run.last && at > whole) line(...this.onStage(run.place(at)));
    context.setLineDash(DASHES[run.index]);
    context.lineJoin = "round";
    context.lineWidth = width;
    context.strokeStyle = run.colour;
    context.stroke();
  }

  onStage([a, b]) {
    return [this.x(a), this.y(b)];
  }

  holds([x, y]) {
    const { left, right, top, bottom } = this.box;
    return x >= left && x <= right && y >= top && y <= bottom;
  }

  // What moves: the walked paths, a mark where each run is, and the arrows of the run that is looked at.
  move(at, active, resting) {
    const { live, look } = this;
    this.clear(live);
    this.inside(live, () => {
      for (const run of this.runs) this.path(live, run, at, run === active ? 2.5 : 2);
    });
    const places = new Map(this.runs.map((run) => [run, this.onStage(run.place(at))]));
    if (this.holds(places.get(active))) this.arrows(active, at, places.get(active), resting);
    for (const [run, place] of places) {
      if (this.holds(place)) mark(live, run, ...place, look);
      else this.outside(run, place);
    }
  }

  arrows(run, at, [x, y], resting) {
    const index = Math.min(Math.floor(at), run.last);
    const full = run.gradient(index);
    const batch = run.batchGradient(index);
    const whole = !run.batchGradients || run.batchSize >= this.data.rows;
    const drawn = [];
    if (!whole && batch) drawn.push([batch, run.colour, [], "batch"]);
    drawn.push([full, this.look.text, whole ? [] : [4, 3], whole ? "" : "all rows"]);
    for (const [gradient, colour, dash, name] of drawn) {
      const [dx, dy] = this.downhill(gradient, run);
      if (!Number.isFinite(dx) || Math.hypot(dx, dy) < 8) continue;
      arrow(this.live, x, y, dx, dy, colour, this.look, dash);
      if (!resting) continue;
      const numbers = `(${short(gradient[0], 2)}, ${short(gradient[1], 2)})`;
      label(this.live, [name, numbers].filter(Boolean).join(" "), x + dx + (dx < 0 ? -120 : 8), y + dy + (dy < 0 ? -6 : 16), colour, this.look, this.box);
    }
  }

  // An arrow against the gradient, in pixels: longer where it is larger, never longer than a fifth of the picture.
  downhill([a, b], run) {
    const dx = -a * (this.x(1) - this.x(0));
    const dy = -b * (this.y(1) - this.y(0));
    const length = Math.hypot(dx, dy);
    run.steepest ??= this.steepest(run);
    const size = Math.min(1, Math.sqrt(Math.hypot(a, b) / run.steepest)) * 0.2 * (this.box.right - this.box.left);
    return [(dx / length) * size, (dy / length) * size];
  }

  steepest(run) {
    let most = 0;
    for (let index = 0; index <= run.last; index += 1) {
      if (this.holds(this.onStage(run.point(index)))) most = Math.max(most, Math.hypot(...run.gradient(index)));
    }
    return most || 1;
  }

  // A run that has left the picture: an open mark at the border on its side.
  outside(run, [x, y]) {
    const { live, box } = this;
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    const edgeX = Math.min(Math.max(x, box.left + 7), box.right - 7);
    const edgeY = Math.min(Math.max(y, box.top + 7), box.bottom - 7);
    live.setLineDash([]);
    outline(live, SHAPES[run.index], edgeX, edgeY, 5);
    live.lineWidth = 2;
    live.strokeStyle = run.colour;
    live.fillStyle = this.look.ground;
    live.fill();
    live.stroke();
  }
}

// The colour of a band of heights: 0 is the lowest.
function bandColour(band, bands) {
  return `color-mix(in oklab, var(--low), var(--high) ${Math.round((100 * band) / bands)}%)`;
}
