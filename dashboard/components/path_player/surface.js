// The panel with the loss surface: its regions, the whole paths faintly, and the part already played.

class SurfacePanel extends Panel {
  draw(data, runs, look) {
    this.data = data;
    if (!this.begin(runs, look, data.window, data.aspect, data.description)) return false;
    for (const run of runs) this.lay(run);
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
    this.inside(this.still, (context) => {
      context.globalAlpha = 0.4;
      for (const run of runs) this.path(context, run, run.last, 1);
      context.globalAlpha = 1;
      const [x, y] = [this.x(data.lowest.at[0]), this.y(data.lowest.at[1])];
      cross(context, x, y, look);
      const [dx, dy] = this.emptiest(x, y);
      label(context, data.lowest.name, x + 9 * dx, y + (dy > 0 ? 16 : -8), look.text, look, box, dx);
    });
    return true;
  }

  // The corner next to a point, as signs of x and y, in which the fewest points of the paths lie.
  emptiest(x, y) {
    const points = this.runs.flatMap((run) => run.pixels);
    const inside = (dx, dy) => points.filter(([px, py]) => (px - x) * dx > 0 && (px - x) * dx < 80 && (py - y) * dy > 0 && (py - y) * dy < 24).length;
    const corners = [[1, 1], [1, -1], [-1, 1], [-1, -1]].map((corner) => [inside(...corner), corner]);
    return corners.reduce((best, each) => (each[0] < best[0] ? each : best))[1];
  }

  // Where a run's points lie on the stage, up to the one at which it leaves the picture for good.
  lay(run) {
    const points = Array.from({ length: run.last + 1 }, (_, index) => this.onStage(run.point(index)));
    run.leaves = points.findLastIndex((point) => this.holds(point)) + 1;
    run.strays = !points.every((point) => this.holds(point));
    run.pixels = points.slice(0, run.leaves + 1);
    run.steepest = Math.max(...points.map((point, index) => (this.holds(point) ? Math.hypot(...run.gradient(index)) : 0))) || 1;
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
    const until = Math.min(at, run.leaves, run.last);
    this.trace(context, run, [...run.pixels.slice(0, Math.floor(until) + 1), this.onStage(run.place(until))], width);
  }

  onStage([a, b]) {
    return [this.x(a), this.y(b)];
  }

  // The moving layer: the played paths, a mark for each run, and the arrows of the active run.
  move(at, active, resting) {
    const { live, look } = this;
    this.clear(live);
    this.inside(live, () => {
      for (const run of onTop(active, this.runs)) this.path(live, run, at, run === active ? 2.5 : 2);
    });
    const places = new Map(onTop(active, this.runs).map((run) => [run, this.onStage(run.place(at))]));
    if (this.holds(places.get(active))) this.arrows(active, at, places.get(active), resting);
    for (const [run, place] of places) {
      if (this.holds(place)) mark(live, run, ...place, look);
      else this.outside(run, place);
    }
  }

  arrows(run, at, place, resting) {
    const index = Math.min(Math.floor(at), run.last);
    const batch = run.batchGradient(index);
    const whole = !run.batchGradients || run.batchSize >= this.data.beside.rows;
    const { text } = this.look;
    const arrows = [{ gradient: run.gradient(index), colour: text, dash: whole ? [] : [4, 3], name: whole ? "" : "all rows " }];
    if (!whole && batch) arrows.push({ gradient: batch, colour: run.colour, dash: [], name: "batch " });
    const shown = arrows.map((each) => ({ ...each, to: this.downhill(each.gradient, run) })).filter(({ to }) => Math.hypot(...to) >= 8);
    this.inside(this.live, (context) => {
      for (const { to, colour, dash } of shown) arrow(context, ...place, ...to, colour, this.look, dash);
    });
    const bottom = this.onStage(this.data.lowest.at);
    const crowded = Math.hypot(place[0] - bottom[0], place[1] - bottom[1]) < 70;
    if (resting && !crowded) this.name(shown, place);
  }

  // Write the numbers of each gradient at the tip of its arrow, one below the other where they would meet.
  name(shown, [x, y]) {
    const { top, bottom } = this.box;
    let above = -Infinity;
    for (const { gradient, name, colour, to: [dx, dy] } of shown) {
      let line = Math.min(Math.max(y + dy + (dy < 0 ? -6 : 16), top + 14), bottom - 6);
      if (Math.abs(line - above) < 16) line = above + 16 > bottom - 6 ? above - 16 : above + 16;
      const text = `${name}(${short(gradient[0], 2)}, ${short(gradient[1], 2)})`;
      label(this.live, text, x + dx + Math.sign(dx) * 8, line, colour, this.look, this.box, Math.sign(dx));
      above = line;
    }
  }

  // An arrow against the gradient, in pixels: longer where it is larger, never longer than a fifth of the picture.
  downhill([a, b], run) {
    const dx = -a * (this.x(1) - this.x(0));
    const dy = -b * (this.y(1) - this.y(0));
    const length = Math.hypot(dx, dy);
    if (!(length > 0 && Number.isFinite(length))) return [0, 0];
    const size = Math.min(1, Math.sqrt(Math.hypot(a, b) / run.steepest)) * 0.2 * (this.box.right - this.box.left);
    return [(dx / length) * size, (dy / length) * size];
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
