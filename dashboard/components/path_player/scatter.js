// The panel with the rows: the points, the current line of each run, and the next batch.

class ScatterPanel extends Panel {
  draw(data, runs, look) {
    this.xs = floats(data.beside.x);
    this.ys = floats(data.beside.y);
    this.orders = data.beside.orders ? decoded(data.beside.orders, Uint16Array) : null;
    if (!this.begin(runs, look, data.beside.window, data.aspect, data.beside.description)) return false;
    this.axes(...data.beside.axes);
    this.inside(this.still, (context) => {
      this.line(context, data.lowest.at, look.muted, [1, 4], 1.5);
      context.globalAlpha = 0.6;
      context.fillStyle = look.muted;
      for (let row = 0; row < this.xs.length; row += 1) this.dot(context, row, 3.5);
    });
    return true;
  }

  dot(context, row, size) {
    context.beginPath();
    context.arc(this.x(this.xs[row]), this.y(this.ys[row]), size, 0, 2 * Math.PI);
    context.fill();
  }

  line(context, [kernel, bias], colour, dash, width) {
    const { left, right } = this.view;
    const part = clipped(this.box.left, this.y(kernel * left + bias), this.box.right, this.y(kernel * right + bias), this.box);
    if (part) stroke(context, part, colour, dash, width);
  }

  move(at, active) {
    this.clear(this.live);
    this.inside(this.live, (context) => {
      context.fillStyle = active.colour;
      for (const row of this.batch(active, at)) this.dot(context, row, 5);
      for (const run of onTop(active, this.runs)) this.line(context, run.place(at), run.colour, DASHES[run.index], run === active ? 3 : 2);
    });
  }

  // The rows that the next update of a run draws.
  batch(run, at) {
    const rows = this.xs.length;
    const update = Math.floor(at);
    if (!this.orders || update >= run.last) return [];
    const perEpoch = Math.ceil(rows / run.batchSize);
    const epoch = Math.floor(update / perEpoch);
    const start = epoch * rows + (update % perEpoch) * run.batchSize;
    return this.orders.subarray(start, Math.min(start + run.batchSize, (epoch + 1) * rows));
  }
}
