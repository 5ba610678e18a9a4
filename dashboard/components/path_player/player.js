// The player: its panels, its choices, and the readouts at the current time.

const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200];
const SECONDS_FOR_ALL = 15;

class Player extends Playing {
  constructor(host) {
    super(host);
    this.surface = new SurfacePanel(this.find(".panel.surface"));
    this.besides = { scatter: new ScatterPanel(this.find(".panel.beside")), curves: new CurvePanel(this.find(".panel.beside")) };
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.active = 0;
    this.listen();
    new ResizeObserver(() => this.data && this.redraw()).observe(host);
  }

  listen() {
    const { find } = this;
    find(".speed").onchange = (event) => { this.speed = Number(event.target.value); };
    find(".exact").onchange = () => this.say();
    const stage = this.surface.stage;
    stage.onpointermove = (event) => this.point(event);
    stage.onpointerleave = () => { find(".pointer").hidden = true; };
    stage.onclick = (event) => {
      const place = this.data.clickable && this.under(event);
      if (!place) return;
      this.settle();
      this.send("start", place);
    };
  }

  // Take what the server sent. The time stays as it is, or at the end; with another start it is reset to 0.
  show(data, send) {
    this.send = send;
    const before = this.data;
    if (data.stamp === before?.stamp) return this.redraw();
    const ended = before && this.at >= this.total;
    const moved = before && String(before.runs[0].start) !== String(data.runs[0].start);
    this.data = data;
    this.runs = data.runs.map((sent, index) => new Run(sent, index));
    this.total = Math.max(...this.runs.map((run) => run.last));
    this.active = Math.min(this.active, this.runs.length - 1);
    this.at = Math.min(before ? this.at : data.update, this.total);
    if (ended) this.at = this.total;
    if (moved) this.at = 0;
    this.dress();
    this.redraw();
    const anew = data.play !== null;
    if (moved || anew) this.go(anew ? 0 : this.at);
    if (data.play) this.play(true);
    return undefined;
  }

  // What depends only on the runs: legend, readouts, ranges.
  dress() {
    const { data, find, host, runs } = this;
    host.setAttribute("aria-label", data.name);
    host.classList.toggle("clickable", data.clickable);
    this.beside = this.besides[data.beside.kind];
    find(".beside figcaption").textContent = data.beside.title;
    find(".surface figcaption").textContent = data.title;
    find(".scrub").max = this.total;
    this.speed ??= SPEEDS.find((speed) => speed >= this.total / SECONDS_FOR_ALL) ?? SPEEDS.at(-1);
    find(".speed").replaceChildren(...SPEEDS.map((speed) => new Option(`${speed} a second`, speed, false, speed === this.speed)));
    find(".legend").replaceChildren(...runs.map((run) => this.button(run)));
    find(".readouts").replaceChildren(...runs.map((run) => readout(run, data)));
    const scale = document.createElement("span");
    scale.className = "scale";
    const bands = data.levels.length;
    for (let band = 0; band <= bands; band += 1) scale.append(Object.assign(document.createElement("span"), { style: `background: ${bandColour(band, bands)}` }));
    find(".heights").replaceChildren(`loss ${short(data.least)}`, scale, short(data.most));
  }

  button(run) {
    const button = Object.assign(document.createElement("button"), { type: "button", onclick: () => this.look(run.index) });
    button.append(swatch(run), `${run.name}: ${run.label}`);
    button.title = "Show the gradient and the batch of this run";
    return button;
  }

  look(index) {
    this.active = index;
    this.frame();
    this.say();
  }

  redraw() {
    const style = getComputedStyle(this.host);
    const read = (name) => style.getPropertyValue(name).trim();
    this.host.classList.toggle("dark", isDark(read("--st-background-color")));
    const muted = getComputedStyle(this.find(".heights")).color;
    const look = { ground: read("--st-background-color"), text: read("--st-text-color"), muted, font: style.fontFamily };
    if (![this.surface, this.beside].every((panel) => panel.draw(this.data, this.runs, look))) return;
    this.runs.forEach((run, index) => this.find(".readouts").children[index].classList.toggle("remarkable", run.strays || Boolean(run.ending)));
    this.frame();
    this.say();
  }

  // One frame of the animation; with reduced motion, four still pictures a second.
  tick(then) {
    requestAnimationFrame((now) => {
      if (!this.playing) return;
      if (!this.host.isConnected) return this.play(false);
      const pause = this.still.matches ? Math.max(250, 1000 / this.speed) : 0;
      if (now - then < pause) return this.tick(then);
      const ahead = this.at + (Math.min(now - then, Math.max(250, pause)) / 1000) * this.speed;
      this.at = Math.min(pause ? Math.round(ahead) : ahead, this.total);
      this.frame();
      if (this.at >= this.total) return this.play(false);
      return this.tick(now);
    });
  }

  report(update) {
    this.send("update", update);
  }

  draw() {
    const { at, runs } = this;
    if (!this.surface.box) return;
    this.surface.move(at, runs[this.active], !this.playing);
    this.beside.move(at, runs[this.active]);
    const update = Math.floor(at);
    this.host.dataset.update = update;
    this.find(".count").textContent = `update ${(update * this.data.stride).toLocaleString("en")} of ${(this.total * this.data.stride).toLocaleString("en")}`;
    const format = this.find(".exact").checked ? exact : short;
    runs.forEach((run, index) => fill(this.find(".readouts").children[index], run, update, format, this.surface));
  }

  say() {
    this.find(".legend").childNodes.forEach((button, index) => button.setAttribute("aria-pressed", index === this.active));
    this.frame();
    const spoken = this.runs.map((run) => sentence(run, Math.floor(this.at), this.data)).join(" ");
    if (this.find(".spoken").textContent !== spoken) this.find(".spoken").textContent = spoken;
  }

  under(event) {
    const { left, top } = this.surface.stage.getBoundingClientRect();
    return this.surface.under(event.clientX - left, event.clientY - top);
  }

  point(event) {
    const tag = this.find(".pointer");
    const place = this.data.clickable && event.pointerType === "mouse" && this.under(event);
    tag.hidden = !place;
    if (!place) return;
    const { left, top, width } = this.surface.stage.getBoundingClientRect();
    tag.textContent = `start at ${short(place[0])}, ${short(place[1])}`;
    tag.style.left = `${Math.min(event.clientX - left + 12, width - tag.offsetWidth - 4)}px`;
    tag.style.top = `${event.clientY - top - 28}px`;
  }
}

function isDark(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  const value = Number.parseInt(context.fillStyle.slice(1), 16);
  return 0.3 * (value >> 16) + 0.59 * ((value >> 8) & 255) + 0.11 * (value & 255) < 128;
}

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const host = parentElement.querySelector(".player");
  host.player ??= new Player(host);
  host.player.show(data, (name, value) => (name === "start" ? setTriggerValue : setStateValue)(name, value));
}
