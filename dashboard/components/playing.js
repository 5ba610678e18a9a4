// What both players share: buttons, keys and a slider move the time `at` from 0 to `total`; at rest it is reported.
// A player has `draw`, `say` and `report`, and `tick`, which moves on by itself while it is `playing`.
const REST = 400;

class Playing {
  constructor(host) {
    this.host = host;
    this.find = (selector) => host.querySelector(selector);
    this.at = 0;
    this.playing = false;
    const first = () => this.go(0);
    const back = () => this.go(Math.ceil(this.at) - 1);
    const forward = () => this.go(Math.floor(this.at) + 1);
    const last = () => this.go(this.total);
    this.keys = { Home: first, ArrowLeft: back, ArrowRight: forward, End: last };
    for (const move of [first, back, forward, last]) this.find(`button.${move.name}`)?.addEventListener("click", move);
    this.find(".play").onclick = () => this.play(!this.playing);
    this.find(".scrub").oninput = (event) => this.go(Number(event.target.value));
    host.onkeydown = (event) => this.key(event);
    host.addEventListener("focusout", (event) => host.contains(event.relatedTarget) || this.settle());
  }

  key(event) {
    const { tagName, type } = event.target;
    if (event.altKey || event.ctrlKey || event.metaKey || tagName === "SELECT") return;
    if (event.key === " " && tagName !== "BUTTON" && type !== "checkbox") this.play(!this.playing);
    else if (event.key in this.keys) this.keys[event.key]();
    else return;
    event.preventDefault();
  }

  go(at) {
    this.play(false);
    this.at = Math.min(Math.max(at, 0), this.total);
    this.rest();
  }

  play(playing) {
    if (playing === this.playing) return;
    if (playing && this.at >= this.total) this.at = 0;
    this.playing = playing && this.total > 0;
    if (!this.playing) return this.rest();
    clearTimeout(this.waiting);
    this.waiting = null;
    this.frame();
    return this.tick(performance.now());
  }

  frame() {
    this.find(".scrub").value = Math.floor(this.at);
    this.host.classList.toggle("playing", this.playing);
    this.find(".play").setAttribute("aria-label", this.playing ? "Pause" : "Play");
    this.draw();
  }

  rest() {
    this.at = Math.round(this.at);
    this.frame();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.settle(), REST);
  }

  // At rest: announce the time, and report it to the server, which puts it into the address. When the focus leaves,
  // this happens at once: a report after the press of a button would cancel what the server does for that press.
  settle() {
    if (!this.waiting) return;
    clearTimeout(this.waiting);
    this.waiting = null;
    this.say();
    if (this.host.isConnected) this.report(this.at);
  }
}
