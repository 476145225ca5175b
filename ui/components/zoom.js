// The windows of a scatter of many items: after each zoom the points of what is then seen are asked
// for and put into the chart, until every single one is drawn. Below the chart stands what is drawn.
// Streamlit calls the default function again at every change of data, so one state is kept for each
// parent element.
const live = new WeakMap();
const REST = 120; // milliseconds without another zoom after which the points are asked for
const CLOSER = 6; // how much nearer a click on the density goes

export default function (component) {
  const { parentElement, data } = component;
  let zoom = live.get(parentElement);
  if (!zoom) live.set(parentElement, (zoom = makeZoom(parentElement)));
  zoom.update(data);
  return () => {
    zoom.destroy();
    live.delete(parentElement);
  };
}

function makeZoom(parent) {
  let data = null;
  let plot = null;
  let seen = ""; // the window that is shown or asked for
  let page = 0;
  let timer = null;
  let asked = null;
  const hidden = new Set();
  const { box, said, back, on } = makeWords();
  parent.appendChild(box);
  back.onclick = () => turn(page - 1);
  on.onclick = () => turn(page + 1);
  const watch = watchPlot({
    events: { plotly_relayout: later, plotly_relayouting: stop, plotly_click: closer },
    arrive,
    leave,
  });

  function arrive(found) {
    plot = found;
    later();
  }

  function leave() {
    stop();
    plot = null;
  }

  function stop() {
    clearTimeout(timer);
    asked?.abort();
    asked = null;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = windowOf(plot);
      if (now === seen) return;
      page = 0;
      ask(now);
    }, REST);
  }

  function turn(to) {
    page = to;
    ask(seen);
  }

  function ask(now) {
    stop();
    seen = now;
    asked = new AbortController();
    const { signal } = asked;
    box.setAttribute("aria-busy", "true");
    fetch(`${data.address}${now}&page=${page}`, { signal })
      .then((answer) => answer.json())
      .then(async (answer) => {
        if (signal.aborted) return;
        if (answer.figure) await put(answer.figure.data);
        else seen = "refused";
        show(answer);
      })
      .catch((error) => {
        if (error.name === "AbortError") return;
        seen = "failed"; // so that the next zoom asks again
        show({ said: "The points of this window did not come. Zoom again." });
      });
  }

  // What was hidden by the legend stays hidden, in windows that lack it for a while too.
  function put(traces) {
    for (const trace of plot._fullData) {
      if (trace.visible === "legendonly") hidden.add(named(trace));
      else hidden.delete(named(trace));
    }
    for (const trace of traces) {
      if (hidden.has(named(trace))) trace.visible = "legendonly";
    }
    return window.Plotly.react(plot, traces, plot.layout);
  }

  function show(answer) {
    box.removeAttribute("aria-busy");
    said.textContent = answer.said || data.all;
    page = answer.page || 0;
    const pages = answer.pages || 1;
    back.hidden = on.hidden = pages === 1;
    back.disabled = page === 0;
    on.disabled = page === pages - 1;
  }

  // A click on the density goes closer to what is under the cursor.
  function closer({ points: [point] }) {
    if (point.data.type !== "heatmap") return;
    const change = {};
    for (const [name, at] of [["xaxis", point.x], ["yaxis", point.y]]) {
      const axis = plot._fullLayout[name];
      const [low, high] = axis.range;
      const middle = axis.d2r(at), half = (high - low) / CLOSER / 2;
      change[`${name}.range`] = [middle - half, middle + half];
    }
    window.Plotly.relayout(plot, change);
  }

  return {
    update(next) {
      if (data?.address !== next.address) {
        stop();
        seen = "";
        data = next;
        show(next);
      }
      data = next;
      watch.follow(data.chart);
    },
    destroy() {
      watch.end();
      box.remove();
    },
  };
}

// A trace's name without its count.
function named(trace) {
  return (trace.name || "").replace(/ \([\d,]+\)$/, "");
}

// The window of the axes in their own values, as the address takes it; empty for all there is.
function windowOf(plot) {
  const { xaxis, yaxis } = plot._fullLayout;
  if (xaxis.autorange && yaxis.autorange) return "";
  const ends = (axis) => axis.range.map((end) => (axis.type === "log" ? 10 ** end : end));
  const [x0, x1] = ends(xaxis), [y0, y1] = ends(yaxis);
  return `&x0=${x0}&x1=${x1}&y0=${y0}&y1=${y1}`;
}

function makeWords() {
  const box = document.createElement("div");
  box.className = "penumbra-window";
  box.style.cssText =
    "display:flex;flex-wrap:wrap;gap:8px;align-items:center;font:14px/1.5 var(--st-font);" +
    "color:var(--st-text-color)";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.style.cssText = "flex:1 1 20em;opacity:.75";
  const back = makeButton("Previous points"), on = makeButton("Next points");
  box.append(said, back, on);
  return { box, said, back, on };
}

function makeButton(words) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  button.hidden = true;
  button.style.cssText =
    "font:inherit;color:inherit;background:var(--st-background-color);padding:2px 10px;" +
    "border:1px solid var(--st-border-color);border-radius:8px;cursor:pointer";
  return button;
}
