// The item beside the cursor, the ring on the chosen point, marks of pictures that are no points, the
// click on a point or a mark, and the same by keyboard.
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
  const tile = makeItemTile();
  const ring = makeRing();
  const marks = [];
  const walk = makeWalk({
    start: () => (data.index === null ? null : valuesOf(plot, data.index) || data.at),
    look(index, client, say) {
      tile.item(data, index, say);
      tile.at(client);
    },
    open: (index) => send("picked", index),
    leave: () => tile.hide(),
  });
  const pictures = makePictures({
    look(row, client) {
      tile.item(data, row);
      tile.at(client);
    },
    leave: () => tile.hide(),
    open: (row) => send("picked", row),
  });
  const watch = watchPlot({
    events: {
      plotly_hover: onHover,
      plotly_unhover: tile.hide,
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
    walk.mount(plot);
    // What lies inside a box or lasso is found by the server from its outline: thousands of points need
    // not travel there.
    if (data.drawn) plot._ev?.prependListener?.("plotly_selected", (event) => event && (event.points = []));
    onDrawn();
  }

  // A new plot shows what was drawn on the one before; and a lasso is shown as the link holds it.
  function showDrawn() {
    const now = plot.layout.selections || [];
    if (!data.drawn || (!data.drawn.length && !now.length)) return;
    window.Plotly.relayout(plot, { selections: data.drawn.map(asSelection) });
  }

  // Who scrolls down a page wants the page to move: only Ctrl and the wheel zoom.
  function onWheel(event) {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  }

  function leave() {
    tile.hide();
    ring.remove();
    walk.unmount();
    pictures.clear();
    marks.forEach((mark) => mark.remove());
    plot?.removeEventListener("wheel", onWheel, true);
    plot = null;
  }

  function onDrawn() {
    // Streamlit turns clicks off where points are not to be selected. Selecting them would rerun
    // the page and dim the other points; the bare event, a tap's too, is all that is wanted.
    plot._fullLayout.clickmode = "event";
    placeAll();
    if (data.drawn?.length && !plot.layout.selections) showDrawn(); // a new layout has none
  }

  function placeAll() {
    placeRing();
    placeMarks();
    if (plot) pictures.place(plot, data);
    walk.place();
  }

  function onHover(event) {
    const index = event.points[0].customdata;
    if (index === undefined) return sayCount(event);
    tile.item(data, index);
    tile.at(event.event);
  }

  // Over a density: how many lie in the cell, which a click brings closer.
  function sayCount({ points: [cell], event }) {
    const count = Math.round(10 ** cell.z);
    const title = `${count.toLocaleString("en")} ${data.nouns[count === 1 ? 0 : 1]}`;
    tile.tell(title, "Zoom in, or click, to see each.");
    tile.at(event);
  }

  function onClick(event) {
    const index = event.points[0].customdata;
    if (index !== undefined) send("picked", index);
  }

  function placeRing() {
    const chosen = data && data.index !== null && plot;
    const drawn = chosen ? valuesOf(plot, data.index) : null;
    const values = drawn || (chosen && data.at);
    const at = values && inside(plot, ...values);
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
      button.onpointerleave = button.onblur = tile.hide;
      button.onclick = () => {
        showMark(button, mark);
        send("marked", i);
      };
    });
  }

  function showMark(button, mark) {
    tile.tell(mark.title, "", mark.picture);
    const box = button.getBoundingClientRect();
    tile.at({ clientX: box.left + box.width / 2, clientY: box.top });
  }

  return {
    update(next, setTriggerValue) {
      const drawnAnew = plot && String(data.drawn) !== String(next.drawn);
      data = next;
      send = setTriggerValue;
      watch.follow(data.chart);
      placeAll();
      if (drawnAnew) showDrawn();
    },
    destroy() {
      watch.end();
      tile.remove();
    },
  };
}

// An outline as Plotly draws it: four corners along the axes are a box.
function asSelection([x, y]) {
  const isBox = x.length === 4 && x[0] === x[3] && x[1] === x[2] && y[0] === y[1] && y[2] === y[3];
  const axes = { xref: "x", yref: "y" };
  if (isBox) return { type: "rect", x0: x[0], x1: x[1], y0: y[0], y1: y[2], ...axes };
  return { type: "path", path: `M${x.map((each, i) => `${each},${y[i]}`).join("L")}Z`, ...axes };
}

function makeRing() {
  const ring = document.createElement("div");
  ring.className = "penumbra-ring";
  ring.style.cssText =
    "position:absolute;width:18px;height:18px;box-sizing:border-box;border-radius:50%;" +
    "border:2.5px solid var(--pointer);box-shadow:0 0 0 2px #fff;pointer-events:none;display:none";
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
