// Numbers: decoding and formatting them, and the part of a line that lies in a box.

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function decoded(text, Type) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Type(bytes.buffer);
}

const floats = (text) => decoded(text, Float64Array);

// A number as `format_number` in dashboard/text/numbers.py writes it.
function short(value, digits = 3) {
  if (Number.isNaN(value)) return "–";
  if (value < 0) return short(-value, digits).replace(/^(?!0$)/, "−");
  if (value === Infinity) return "∞";
  const rounded = Number(value.toPrecision(digits));
  const inDigits = rounded === 0 || (rounded >= 1e-4 && rounded < 1e9);
  return inDigits ? rounded.toLocaleString("en", { maximumSignificantDigits: 15 }) : power(rounded);
}

function power(value) {
  const [factor, exponent] = value.toExponential().split("e");
  const raised = [...String(Number(exponent))].map((character) => SUPERSCRIPTS[character]).join("");
  return `${factor === "1" ? "" : `${minus(factor)}\u00a0×\u00a0`}10${raised}`;
}

// On an axis there is room for five digits.
const onAxis = (value) => (Math.abs(value) < 1e5 ? short(value) : power(Number(value.toPrecision(3))));

const exact = (value) => (Number.isFinite(value) ? minus(String(value)) : "–");

const minus = (text) => text.replace("-", "−");

// About `count` round numbers from low to high.
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const found = [];
  for (let index = Math.ceil(low / step); index * step <= high; index += 1) found.push(index * step);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const large = Math.max(Math.abs(low), Math.abs(high)) >= 1e5 || places > 5;
  return found.map((value) => ({ value, text: large ? onAxis(value) : minus(value.toFixed(places)) }));
}

// The part of a line from (x0, y0) to (x1, y1) inside a box, by Liang and Barsky (1984); null where there is none.
function clipped(x0, y0, x1, y1, box) {
  const dx = x1 - x0;
  const dy = y1 - y0;
  if (!Number.isFinite(dx) || !Number.isFinite(dy)) return null;
  let from = 0;
  let to = 1;
  const edges = [
    [-dx, x0 - box.left],
    [dx, box.right - x0],
    [-dy, y0 - box.top],
    [dy, box.bottom - y0],
  ];
  for (const [slope, room] of edges) {
    if (slope === 0 && room < 0) return null;
    if (slope < 0) from = Math.max(from, room / slope);
    if (slope > 0) to = Math.min(to, room / slope);
  }
  return from <= to ? [x0 + from * dx, y0 + from * dy, x0 + to * dx, y0 + to * dy] : null;
}
