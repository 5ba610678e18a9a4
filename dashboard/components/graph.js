// Shows a graph drawn in Python frame by frame. It reports the current frame to the server without waiting for it.
const PAUSE = 1500;

class Graph extends Playing {
  // Take what the server sent. The frame stays the same, unless there are fewer now.
  show(data) {
    if (data.svg === this.data?.svg) return;
    this.total = data.frames.length - 1;
    this.at = Math.min(this.data ? this.at : data.step, this.total);
    this.data = data;
    this.find(".picture").innerHTML = data.svg; // made and escaped in Python, from numbers and fixed names
    this.find(".scrub").max = this.total;
    this.frame();
  }

  tick() {
    clearTimeout(this.timer);
    this.at += 1;
    this.frame();
    if (this.at === this.total) this.play(false);
    else this.timer = setTimeout(() => this.playing && this.host.isConnected && this.tick(), PAUSE);
  }

  draw() {
    const { at, data, host } = this;
    const frame = data.frames[at];
    const moving = this.drawn === data.svg; // what has just come from the server is drawn at rest
    this.drawn = data.svg;
    host.classList.toggle("backward", frame.direction === "backward");
    for (const part of host.querySelectorAll("[data-from]")) part.classList.toggle("known", Number(part.dataset.from) <= at);
    for (const part of host.querySelectorAll("[data-now]")) {
      const now = part.dataset.now.split(" ").includes(String(at));
      part.classList.toggle("now", now && (moving || !part.classList.contains("dot")));
    }
    for (const name of ["title", "rule", "meaning"]) this.find(`.${name}`).textContent = frame[name];
    this.find(".count").textContent = `${at} of ${this.total}`;
    const used = host.getRootNode().activeElement;
    this.find(".first").disabled = this.find(".back").disabled = at === 0;
    this.find("button.forward").disabled = at === this.total;
    if (used?.disabled) host.focus({ preventScroll: true }); // it cannot keep the focus, and the keys go on to work
  }

  say() {
    const { title, rule, meaning } = this.data.frames[this.at];
    this.find(".spoken").textContent = `${title}. ${rule}. ${meaning}`;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".graph");
  host.player ??= new Graph(host);
  host.player.report = (step) => setStateValue("step", step);
  host.player.show(data);
}
