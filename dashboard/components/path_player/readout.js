// The numbers and notes for each run at the current update.

function readout(run, data) {
  const list = document.createElement("dl");
  list.className = "readout";
  list.style.setProperty("--run", run.colour);
  const add = (key, title, wide) => {
    const pair = document.createElement("div");
    if (wide) pair.className = "wide";
    const value = document.createElement("dd");
    value.dataset.key = key;
    pair.append(Object.assign(document.createElement("dt"), { textContent: title }), value);
    list.append(pair);
  };
  add("name", "run");
  data.coordinates.forEach((name, index) => add(`at${index}`, name));
  run.measures.forEach(([name], index) => add(`measure${index}`, name));
  if (run.batchGradients) add("batch", "gradient of the batch", true);
  add("full", data.gradient, true);
  if (run.angles) add("angle", "angle between them");
  list.append(Object.assign(document.createElement("p"), { className: "note" }));
  list.querySelector('[data-key="name"]').textContent = run.name;
  return list;
}

function fill(list, run, update, format, surface) {
  const index = Math.min(update, run.last);
  const set = (key, text) => {
    const place = list.querySelector(`[data-key="${key}"]`);
    if (place && place.textContent !== text) place.textContent = text;
  };
  const pair = (values) => (values ? `(${format(values[0])}, ${format(values[1])})` : "–");
  run.point(index).forEach((value, axis) => set(`at${axis}`, format(value)));
  run.measures.forEach(([, values], measure) => set(`measure${measure}`, format(values[index])));
  set("batch", pair(run.batchGradient(index)));
  set("full", pair(run.gradient(index)));
  if (run.angles) set("angle", degrees(run.angles[index], format));
  const note = list.querySelector(".note");
  const text = remark(run, update, surface);
  if (note.textContent !== text) note.textContent = text;
}

function degrees(angle, format) {
  if (!Number.isFinite(angle)) return "–";
  return `${format === short ? angle.toFixed(1) : format(angle)}°`;
}

function remark(run, update, surface) {
  const inside = surface.holds(surface.onStage(run.place(update)));
  const left = inside ? "" : `${run.name} has left the picture. The hollow mark at the border shows on which side.`;
  return [update >= run.last ? run.ending : "", left].filter(Boolean).join(" ");
}

function sentence(run, update, data) {
  const index = Math.min(update, run.last);
  const place = run.point(index).map((value, axis) => `${data.coordinates[axis]} ${short(value)}`).join(", ");
  const [name, values] = run.measures[0];
  return `${run.name}, update ${index * data.stride}: ${place}, ${name} ${short(values[index])}.`;
}
