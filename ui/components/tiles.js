// A grid of items, each a real button. Buttons are updated in place: replacing them would take
// the keyboard focus away.
const live = new WeakMap();
// Letters of a caption beside which a tile stays as small as its picture; pixels that a tile takes at
// least with a longer one, and with words in place of a picture.
const SHORT = 11, LONG = 92, WORDS = 130;

export default function ({ parentElement, data, setTriggerValue }) {
  let grid = live.get(parentElement);
  if (!grid) {
    grid = document.createElement("div");
    grid.className = "grid";
    parentElement.appendChild(grid);
    live.set(parentElement, grid);
  }
  const words = data.tiles.some((tile) => tile.text);
  const long = data.tiles.some((tile) => tile.caption.length > SHORT);
  const least = words ? WORDS : long ? LONG : 0;
  grid.classList.toggle("long", long);
  grid.style.setProperty("--size", `${Math.max(data.size, least)}px`);
  grid.style.gridTemplateColumns = data.row ? `repeat(${data.row}, minmax(0, 1fr))` : "";
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
  const picture = button.firstChild;
  button.classList.toggle("words", !data.sprite);
  if (data.sprite) cut(picture, tile, data);
  else picture.textContent = tile.text;
  button.lastChild.textContent = tile.caption;
  button.setAttribute("aria-label", tile.title);
  button.title = tile.title;
  button.setAttribute("aria-pressed", String(tile.index === data.chosen));
  button.classList.toggle("wrong", tile.wrong);
  button.onclick = () => setTriggerValue("picked", tile.index);
}

function cut(picture, tile, data) {
  const { url, columns, rows, width, height } = data.sprite;
  picture.style.width = `${(data.size * width) / height}px`;
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.backgroundImage = `url("${url}")`;
  // In shares of the tile, which a narrow screen makes smaller.
  picture.style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
  picture.style.backgroundPosition =
    `${share(tile.place % columns, columns)}% ${share(Math.floor(tile.place / columns), rows)}%`;
}

// Where CSS has to put a sheet so that its tile `i` of `count` is seen.
function share(i, count) {
  return count > 1 ? (100 * i) / (count - 1) : 0;
}
