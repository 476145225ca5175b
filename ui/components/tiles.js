// A grid of digits, each a real button. Buttons are updated in place: replacing them would take
// the keyboard focus away.
const live = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  let grid = live.get(parentElement);
  if (!grid) {
    grid = document.createElement("div");
    grid.className = "grid";
    parentElement.appendChild(grid);
    live.set(parentElement, grid);
  }
  grid.style.setProperty("--size", `${data.size}px`);
  while (grid.children.length > data.tiles.length) grid.lastChild.remove();
  while (grid.children.length < data.tiles.length) grid.appendChild(makeButton());
  data.tiles.forEach((tile, i) => fill(grid.children[i], tile, data, setTriggerValue));
  return () => live.delete(parentElement);
}

function makeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.append(document.createElement("span"), document.createElement("small"));
  return button;
}

function fill(button, tile, data, setTriggerValue) {
  const { url, columns, width, height } = data.sprite;
  const zoom = data.size / height;
  const picture = button.firstChild;
  picture.style.width = `${width * zoom}px`;
  picture.style.height = `${height * zoom}px`;
  picture.style.backgroundImage = `url("${url}")`;
  picture.style.backgroundSize = `${columns * width * zoom}px auto`;
  const left = (tile.place % columns) * width * zoom;
  const top = Math.floor(tile.place / columns) * height * zoom;
  picture.style.backgroundPosition = `-${left}px -${top}px`;
  button.lastChild.textContent = tile.caption;
  button.setAttribute("aria-label", tile.title);
  button.title = tile.title;
  button.setAttribute("aria-pressed", String(tile.index === data.chosen));
  button.classList.toggle("wrong", tile.wrong);
  button.onclick = () => setTriggerValue("picked", tile.index);
}
