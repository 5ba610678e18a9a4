// Shows a network drawn in Python; it moves no other part of the page, because every drawing has the same size.
export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".network");
  if (host.drawn === data.svg) return;
  host.drawn = data.svg;
  host.innerHTML = data.svg; // made and escaped in Python
}
