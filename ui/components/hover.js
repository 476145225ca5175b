// The item beside the cursor, the ring on the chosen point, marks of pictures that are no points, and
// the click on a point or a mark.
// Streamlit calls the default function again at every change of data and its cleanup only at the
// end, so one state is kept for each parent element.
const live = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  let hook = live.get(parentElement);
  if (!hook) live.set(parentElement, (hook = makeHook()));
  hook.update(data, setTriggerValue);
  return () => {
    hook.destroy();
    live.delete(parentElement);
  };
}

function makeHook() {
  let data = null;
  let send = null;
  let plot = null;
  const tile = makeTile();
  const ring = makeRing();
  const marks = [];
  const known = new Map(); // what the server said of items, the newest last
  let asked = null;
  const watch = watchPlot({
    events: {
      plotly_hover: onHover,
      plotly_unhover: onUnhover,
      plotly_click: onClick,
      plotly_afterplot: onDrawn,
      plotly_relayouting: placeAll,
    },
    arrive,
    leave,
  });

  function arrive(found) {
    plot = found;
    plot.addEventListener("wheel", onWheel, true);
    onDrawn();
  }

  // Who scrolls down a page wants the page to move: only Ctrl and the wheel zoom.
  function onWheel(event) {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  }

  function leave() {
    onUnhover();
    ring.remove();
    marks.forEach((mark) => mark.remove());
    plot?.removeEventListener("wheel", onWheel, true);
    plot = null;
  }

  function onDrawn() {
    // Streamlit turns clicks off where points are not to be selected. Selecting them would rerun
    // the page and dim the other points; the bare event, a tap's too, is all that is wanted.
    plot._fullLayout.clickmode = "event";
    placeAll();
  }

  function placeAll() {
    placeRing();
    placeMarks();
  }

  function onHover(event) {
    const index = event.points[0].customdata;
    if (index === undefined) return sayCount(event);
    tile.dataset.index = index;
    if (data.sprite) cutTile(index);
    else askFor(index);
    showTile(event.event);
  }

  // Over a density: how many lie in the cell, which a click brings closer.
  function sayCount({ points: [cell], event }) {
    const count = Math.round(10 ** cell.z);
    tile.dataset.index = "";
    const title = `${count.toLocaleString("en")} ${data.nouns[count === 1 ? 0 : 1]}`;
    fillTile({ title, text: "Zoom in, or click, to see each.", picture: "" });
    showTile(event);
  }

  // Of items without a sheet: their words and, where they have one, their picture from the server.
  function askFor(index) {
    if (asked) asked.abort();
    if (known.has(index)) return fillTile(known.get(index));
    fillTile({ title: `${data.noun} …`, text: "", picture: "" });
    asked = new AbortController();
    fetch(`${data.items}/${index}`, { signal: asked.signal })
      .then((answer) => (answer.ok ? answer.json() : { title: "", text: "", picture: "" }))
      .then((said) => {
        known.set(index, said);
        if (known.size > 2000) known.delete(known.keys().next().value);
        if (tile.dataset.index === String(index)) fillTile(said);
      })
      .catch(() => {});
  }

  function fillTile({ title, text, picture }) {
    const place = tile.firstChild;
    place.style.backgroundImage = picture ? `url("${picture}")` : "none";
    place.style.backgroundSize = "contain";
    place.style.backgroundRepeat = "no-repeat";
    place.style.backgroundPosition = "center";
    place.style.width = "100%";
    place.style.height = picture ? "96px" : "0";
    tile.children[1].textContent = title;
    tile.lastChild.textContent = text;
  }

  function cutTile(index) {
    const { url, columns, width, height } = data.sprite;
    const picture = tile.firstChild;
    const zoom = 84 / height;
    picture.style.width = `${width * zoom}px`;
    picture.style.height = `${height * zoom}px`;
    picture.style.backgroundImage = `url("${url}")`;
    picture.style.backgroundSize = `${columns * width * zoom}px auto`;
    const left = (index % columns) * width * zoom;
    const top = Math.floor(index / columns) * height * zoom;
    picture.style.backgroundPosition = `-${left}px -${top}px`;
    tile.children[1].textContent = `${data.noun} ${index}`;
    tile.lastChild.textContent = "";
  }

  function showTile({ clientX, clientY }) {
    tile.style.display = "block";
    const box = tile.getBoundingClientRect();
    const right = clientX + 16 + box.width < window.innerWidth;
    tile.style.left = `${right ? clientX + 16 : clientX - 16 - box.width}px`;
    tile.style.top = `${Math.max(4, Math.min(clientY - 40, window.innerHeight - box.height - 4))}px`;
  }

  function onUnhover() {
    tile.style.display = "none";
  }

  function onClick(event) {
    const index = event.points[0].customdata;
    if (index !== undefined) send("picked", index);
  }

  function placeRing() {
    const chosen = data && data.index !== null && plot;
    const drawn = chosen ? place(plot, data.index) : null;
    const at = drawn || (chosen && data.at ? inside(plot, ...data.at) : null);
    if (!at) {
      ring.style.display = "none";
      return;
    }
    if (ring.parentElement !== plot) plot.appendChild(ring);
    ring.style.display = "block";
    ring.style.left = `${at.left - 9}px`;
    ring.style.top = `${at.top - 9}px`;
  }

  // Buttons are kept and moved: replacing them would take the keyboard focus away.
  function placeMarks() {
    const wanted = plot && data.marks ? data.marks : [];
    while (marks.length > wanted.length) marks.pop().remove();
    while (marks.length < wanted.length) marks.push(makeMark());
    wanted.forEach((mark, i) => {
      const button = marks[i];
      const at = inside(plot, mark.x, mark.y);
      if (button.parentElement !== plot) plot.appendChild(button);
      button.textContent = mark.text;
      button.title = mark.title;
      button.setAttribute("aria-label", mark.title);
      button.setAttribute("aria-pressed", String(i === data.marked));
      button.style.display = at ? "block" : "none";
      button.style.zIndex = i === data.marked ? "6" : "5";
      button.style.opacity = i === data.marked ? "1" : "0.75";
      button.style.transform = i === data.marked ? "scale(1.2)" : "none";
      if (at) {
        button.style.left = `${at.left - 13}px`;
        button.style.top = `${at.top - 13}px`;
      }
      button.onpointerenter = button.onfocus = () => showMark(button, mark);
      button.onpointerleave = button.onblur = onUnhover;
      button.onclick = () => {
        showMark(button, mark);
        send("marked", i);
      };
    });
  }

  function showMark(button, mark) {
    const picture = tile.firstChild;
    picture.style.width = picture.style.height = "84px";
    picture.style.backgroundImage = `url("${mark.picture}")`;
    picture.style.backgroundSize = "84px 84px";
    picture.style.backgroundPosition = "0 0";
    tile.children[1].textContent = mark.title;
    tile.lastChild.textContent = "";
    tile.dataset.index = "";
    const box = button.getBoundingClientRect();
    showTile({ clientX: box.left + box.width / 2, clientY: box.top });
  }

  return {
    update(next, setTriggerValue) {
      data = next;
      send = setTriggerValue;
      watch.follow(data.chart);
      placeAll();
    },
    destroy() {
      watch.end();
      tile.remove();
    },
  };
}

// Where a point lies inside the plot's element; null if it is not drawn or out of sight.
function place(plot, index) {
  const layout = plot._fullLayout;
  if (!layout || !layout.xaxis || !plot.data) return null;
  for (const trace of plot._fullData) {
    if (trace.visible !== true || !trace.customdata) continue;
    const row = trace.customdata.indexOf(index);
    if (row < 0) continue;
    return inside(plot, trace.x[row], trace.y[row]);
  }
  return null;
}

// Where two values lie inside the plot's element; null if that is out of sight.
function inside(plot, x, y) {
  const layout = plot._fullLayout;
  if (!layout || !layout.xaxis) return null;
  const left = layout.xaxis.d2p(x);
  const top = layout.yaxis.d2p(y);
  const seen =
    left >= 0 && left <= layout.xaxis._length && top >= 0 && top <= layout.yaxis._length;
  return seen ? { left: layout.xaxis._offset + left, top: layout.yaxis._offset + top } : null;
}

function makeTile() {
  const tile = document.createElement("div");
  tile.className = "penumbra-hover";
  tile.setAttribute("aria-hidden", "true");
  tile.style.cssText =
    "position:fixed;display:none;z-index:1000;pointer-events:none;padding:6px;border-radius:8px;" +
    "background:#10131a;color:#f4f6fb;box-shadow:0 4px 16px rgba(0,0,0,.35);" +
    "font:12px/1.5 system-ui,sans-serif;text-align:center";
  const picture = document.createElement("div");
  picture.style.cssText = "image-rendering:pixelated;border-radius:4px";
  const words = document.createElement("div");
  words.style.cssText = "max-width:260px;max-height:9em;overflow:hidden;text-align:left;opacity:.85";
  tile.append(picture, document.createElement("div"), words);
  document.body.appendChild(tile);
  return tile;
}

function makeRing() {
  const ring = document.createElement("div");
  ring.className = "penumbra-ring";
  ring.style.cssText =
    "position:absolute;width:18px;height:18px;box-sizing:border-box;border-radius:50%;" +
    "border:2.5px solid #d2491e;box-shadow:0 0 0 2px #fff;pointer-events:none;display:none";
  return ring;
}

function makeMark() {
  const mark = document.createElement("button");
  mark.type = "button";
  mark.className = "penumbra-mark";
  mark.style.cssText =
    "position:absolute;width:26px;height:26px;padding:0;box-sizing:border-box;border-radius:50%;" +
    "border:2px solid #fff;background:#5b4bc4;color:#fff;cursor:pointer;" +
    "font:700 14px/20px system-ui,sans-serif;text-align:center;" +
    "box-shadow:0 0 0 2px #5b4bc4,0 2px 8px rgba(0,0,0,.4)";
  return mark;
}
