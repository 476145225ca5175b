// The tile beside the cursor: an item's picture, its name, and what the model makes of it.
const PAUSE = 60; // milliseconds on one item before its words are asked for
const MOST_KNOWN = 2000;

function makeItemTile() {
  const tile = document.createElement("div");
  tile.className = "penumbra-hover";
  tile.setAttribute("aria-hidden", "true");
  tile.style.cssText =
    "position:fixed;display:none;z-index:1000;pointer-events:none;padding:6px;border-radius:8px;" +
    "background:#10131a;color:#f4f6fb;box-shadow:0 4px 16px rgba(0,0,0,.35);" +
    "font:12px/1.5 var(--st-font,system-ui,sans-serif);text-align:center";
  const picture = document.createElement("div");
  picture.style.cssText = "image-rendering:pixelated;border-radius:4px;margin:0 auto";
  const title = document.createElement("div");
  const words = document.createElement("div");
  words.style.cssText = "max-width:260px;max-height:9em;overflow:hidden;text-align:left;opacity:.85";
  const answer = document.createElement("div");
  answer.style.cssText = "max-width:260px;font-variant-numeric:tabular-nums";
  tile.append(picture, title, answer, words);
  document.body.appendChild(tile);
  const known = new Map(); // what the server said of items, the newest last
  let asked = null;
  let timer = null;

  // Fill it with an item of `data`; `then(words)` is called with what the server says of it.
  function item(data, index, then = () => {}) {
    stop();
    tile.dataset.index = index;
    const name = data.sprite ? `${data.noun} ${index}` : `${data.noun} …`;
    const found = known.get(index);
    show(data, index, found || { title: name, said: "", text: "", picture: "" });
    if (found) return then(found);
    timer = setTimeout(() => ask(data, index, then), PAUSE);
  }

  function ask(data, index, then) {
    asked = new AbortController();
    fetch(`${data.items}/${index}`, { signal: asked.signal })
      .then((answer) => (answer.ok ? answer.json() : { title: "", said: "", text: "", picture: "" }))
      .then((words) => {
        known.set(index, words);
        if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
        if (tile.dataset.index !== String(index)) return;
        show(data, index, words);
        then(words);
      })
      .catch(() => {});
  }

  function show(data, index, found) {
    fill(found);
    if (data.sprite) cut(data.sprite, index);
  }

  function fill({ title: name, said, text, picture: address }) {
    picture.style.backgroundImage = address ? `url("${address}")` : "none";
    picture.style.backgroundSize = "contain";
    picture.style.backgroundRepeat = "no-repeat";
    picture.style.backgroundPosition = "center";
    picture.style.width = "100%";
    picture.style.height = address ? "96px" : "0";
    title.textContent = name;
    answer.textContent = said;
    words.textContent = text;
  }

  function cut({ url, columns, width, height }, index) {
    const zoom = 84 / height;
    picture.style.width = `${width * zoom}px`;
    picture.style.height = `${height * zoom}px`;
    picture.style.backgroundImage = `url("${url}")`;
    picture.style.backgroundSize = `${columns * width * zoom}px auto`;
    const left = (index % columns) * width * zoom;
    const top = Math.floor(index / columns) * height * zoom;
    picture.style.backgroundPosition = `-${left}px -${top}px`;
  }

  function tell(name, text, address = "") {
    stop();
    tile.dataset.index = "";
    fill({ title: name, said: "", text, picture: address });
  }

  function at({ clientX, clientY }) {
    tile.style.display = "block";
    const box = tile.getBoundingClientRect();
    const right = clientX + 16 + box.width < window.innerWidth;
    tile.style.left = `${right ? clientX + 16 : clientX - 16 - box.width}px`;
    tile.style.top = `${Math.max(4, Math.min(clientY - 40, window.innerHeight - box.height - 4))}px`;
  }

  function stop() {
    clearTimeout(timer);
    asked?.abort();
  }

  return {
    item,
    tell,
    at,
    hide() {
      stop();
      tile.style.display = "none";
    },
    remove() {
      stop();
      tile.remove();
    },
  };
}
