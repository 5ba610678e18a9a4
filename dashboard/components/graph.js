// Shows a graph drawn in Python frame by frame. It reports the current frame to the server without waiting for it.
const PAUSE = 1500;
const REST = 400;

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".graph");
  if (!root.player) root.player = new Player(root, data.step);
  root.player.report = (step) => setStateValue("step", step);
  root.player.take(data);
  return () => root.player.pause();
}

class Player {
  constructor(root, step) {
    this.root = root;
    this.step = step;
    this.timer = null;
    const find = (name) => root.querySelector(`.${name}`);
    Object.assign(this, { picture: find("picture"), scrub: find("scrub"), count: find("count"), spoken: find("spoken") });
    Object.assign(this, { first: find("first"), back: find("back"), play: find("play"), next: find("next") });
    this.caption = ["title", "rule", "meaning"].map(find);
    this.first.onclick = () => this.go(0);
    this.back.onclick = () => this.go(this.step - 1);
    this.next.onclick = () => this.go(this.step + 1);
    this.play.onclick = () => (this.timer ? this.pause(true) : this.start());
    this.scrub.oninput = () => this.go(Number(this.scrub.value));
    root.onkeydown = (event) => this.press(event);
    root.addEventListener("focusout", (event) => root.contains(event.relatedTarget) || this.settle());
  }

  take(data) {
    if (data.svg !== this.svg) {
      this.svg = data.svg;
      this.frames = data.frames;
      this.picture.innerHTML = data.svg; // made and escaped in Python, from numbers and fixed names
      this.scrub.max = this.frames.length - 1;
      this.show(Math.min(this.step, this.frames.length - 1), false);
    }
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    if (event.target === this.scrub && event.key !== " ") return;
    if (event.key in moves) this.go(this.step + moves[event.key]);
    else if (event.key === " " && event.target.tagName !== "BUTTON") this.play.click();
    else return;
    event.preventDefault();
  }

  go(step) {
    this.pause();
    this.show(step, true);
    this.rest();
  }

  rest() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.settle(), REST);
  }

  // At rest: announce the frame, and report it to the server, which puts it into the address. When the focus leaves,
  // this happens at once: a report after the press of a button would cancel what the server does for that press.
  settle() {
    if (!this.waiting) return;
    clearTimeout(this.waiting);
    this.waiting = null;
    const { title, rule, meaning } = this.frames[this.step];
    this.spoken.textContent = `${title}. ${rule}. ${meaning}`;
    this.report(this.step);
  }

  start() {
    if (this.step === this.frames.length - 1) this.show(0, true);
    this.timer = setInterval(() => {
      this.show(this.step + 1, true);
      if (this.step === this.frames.length - 1) this.pause(true);
    }, PAUSE);
    this.show(this.step + 1, true);
  }

  pause(ended = false) {
    clearInterval(this.timer);
    this.timer = null;
    this.label();
    if (ended) this.rest();
  }

  show(step, moving) {
    const last = this.frames.length - 1;
    this.step = Math.max(0, Math.min(last, step));
    const frame = this.frames[this.step];
    this.root.classList.toggle("backward", frame.direction === "backward");
    for (const part of this.picture.querySelectorAll("[data-from]"))
      part.classList.toggle("known", Number(part.dataset.from) <= this.step);
    for (const part of this.picture.querySelectorAll("[data-now]")) {
      const now = part.dataset.now.split(" ").includes(String(this.step));
      part.classList.toggle("now", now && (moving || !part.classList.contains("dot")));
    }
    ["title", "rule", "meaning"].forEach((name, at) => (this.caption[at].textContent = frame[name]));
    this.scrub.value = this.step;
    this.count.textContent = `${this.step} of ${last}`;
    this.label();
  }

  label() {
    if (!this.frames) return;
    this.play.textContent = this.timer ? "Pause" : "Play";
    const used = this.root.getRootNode().activeElement;
    this.first.disabled = this.back.disabled = this.step === 0;
    this.next.disabled = this.step === this.frames.length - 1;
    if (used?.disabled) this.root.focus({ preventScroll: true }); // it cannot keep the focus, and the keys go on to work
  }
}
