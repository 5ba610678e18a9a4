// A run: its path, its losses and gradients, and its position at any time, also between two updates.

class Run {
  constructor(sent, index) {
    this.index = index;
    this.name = sent.name;
    this.label = sent.label;
    this.colour = sent.colour;
    this.ending = sent.ending;
    this.batchSize = sent.batch_size;
    this.positions = floats(sent.positions);
    this.measures = sent.measures.map(([name, values]) => [name, floats(values)]);
    this.gradients = floats(sent.gradients);
    this.batchGradients = sent.batch_gradients ? floats(sent.batch_gradients) : null;
    this.angles = sent.angles ? floats(sent.angles) : null;
    this.last = this.positions.length / 2 - 1;
  }

  point(index) {
    return [this.positions[2 * index], this.positions[2 * index + 1]];
  }

  gradient(index) {
    return [this.gradients[2 * index], this.gradients[2 * index + 1]];
  }

  // The gradient that update index + 1 follows; none is left at the end.
  batchGradient(index) {
    if (!this.batchGradients || 2 * index >= this.batchGradients.length) return null;
    return [this.batchGradients[2 * index], this.batchGradients[2 * index + 1]];
  }

  // Where it is at time `at`, in updates; between two of them on the straight line from one to the other.
  place(at) {
    const from = Math.min(Math.floor(at), this.last);
    const [x, y] = this.point(from);
    const share = at - from;
    if (from === this.last || share === 0) return [x, y];
    const [nextX, nextY] = this.point(from + 1);
    return [x + share * (nextX - x), y + share * (nextY - y)];
  }
}
