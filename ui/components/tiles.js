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
    grid.addEventListener("keydown", walk);
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
  const entry = grid.querySelector(":focus, [aria-pressed=true]") ?? grid.firstChild;
  for (const button of grid.children) button.tabIndex = button === entry ? 0 : -1;
  return () => live.delete(parentElement);
}

// The grid is one stop of the Tab key; arrows walk its tiles, and no other shortcut hears them.
function walk(event) {
  const tiles = [...event.currentTarget.children];
  const here = tiles.indexOf(event.target.closest("button"));
  const aRow = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
  const to = {
    ArrowLeft: here - 1, ArrowRight: here + 1, ArrowUp: here - aRow, ArrowDown: here + aRow,
    Home: 0, End: tiles.length - 1,
  }[event.key];
  if (to === undefined || here < 0) return;
  event.preventDefault();
  event.stopPropagation();
  if (!tiles[to]) return;
  tiles[here].tabIndex = -1;
  tiles[to].tabIndex = 0;
  tiles[to].focus();
}

function makeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.append(document.createElement("span"), document.createElement("small"));
  return button;
}

function fill(button, tile, data, setTriggerValue) {
  const picture = button.firstChild;
  button.classList.toggle("words", !data.sprite && !data.pictures);
  if (data.sprite) {
    picture.style.width = `${(data.size * data.sprite.width) / data.sprite.height}px`;
    cutSprite(picture, data.sprite, tile.place);
  } else if (data.pictures) ask(picture, tile, data);
  else picture.textContent = tile.text;
  button.lastChild.textContent = tile.caption;
  // What is seen comes first in the name, so that it can be spoken to press the tile.
  const seen = [data.sprite ? "" : tile.text, tile.caption].filter(Boolean).join(" ");
  button.setAttribute("aria-label", [seen, tile.title].filter(Boolean).join(": "));
  button.title = tile.title;
  button.setAttribute("aria-pressed", String(tile.index === data.chosen));
  button.classList.toggle("wrong", tile.wrong);
  button.onclick = () => setTriggerValue("picked", tile.index);
}

function ask(picture, tile, data) {
  picture.style.width = `${data.size}px`;
  picture.style.aspectRatio = "1";
  picture.style.backgroundImage = `url("${data.pictures.replace("{row}", tile.place)}")`;
  picture.style.backgroundSize = "contain";
}
