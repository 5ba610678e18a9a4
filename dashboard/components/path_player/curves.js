// The panel with the loss at every update, on a logarithmic scale.

class CurvePanel extends Panel {
  draw(data, runs, look) {
    this.stride = data.stride;
    const total = Math.max(1, ...runs.map((run) => run.last)) * data.stride;
    if (!this.begin(runs, look, [0, total, ...data.beside.decades], data.aspect, data.beside.description)) return false;
    this.places = new Map(runs.map((run) => [run, [...run.measures[0][1]].map((loss, index) => this.place(loss, index))]));
    this.axes(...data.beside.axes, decades);
    this.inside(this.still, (context) => {
      const level = this.y(Math.log10(data.beside.reference[1]));
      stroke(context, [this.box.left, level, this.box.right, level], look.muted, [1, 4], 1.5);
      label(context, data.beside.reference[0], this.box.left + 6, level - 6, look.muted, look, this.box);
      context.globalAlpha = 0.4;
      for (const run of runs) this.curve(context, run, run.last, 1);
    });
    return true;
  }

  place(loss, index) {
    return [this.x(index * this.stride), this.y(Math.log10(loss))];
  }

  curve(context, run, last, width) {
    this.trace(context, run, this.places.get(run).slice(0, last + 1), width);
  }

  move(at, active) {
    this.clear(this.live);
    this.inside(this.live, (context) => {
      const runs = onTop(active, this.runs);
      for (const run of runs) this.curve(context, run, Math.min(Math.floor(at), run.last), run === active ? 2.5 : 2);
      for (const run of runs) mark(context, run, ...this.places.get(run)[Math.min(Math.floor(at), run.last)], this.look);
    });
  }
}

// The powers of ten from low to high, and where there are few, their doubles and fives too.
function decades(low, high) {
  const factors = high - low > 3 ? [1] : high - low > 1.2 ? [1, 3] : [1, 2, 3, 5];
  const every = Math.ceil((high - low) / 8);
  const found = [];
  for (let power = Math.floor(low); power <= high; power += every) {
    for (const factor of factors) {
      const value = power + Math.log10(factor);
      if (value >= low && value <= high) found.push({ value, text: onAxis(Number(`${factor}e${power}`)) });
    }
  }
  return found;
}
