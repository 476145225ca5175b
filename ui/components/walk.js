// A scatter without a mouse: its frame takes the focus, arrows walk from point to point, Enter opens
// the one that was reached, + and − zoom about it, Shift and an arrow move the window, 0 shows all.
const LEAST = 3; // pixels that a step goes, so that points on top of each other do not hold it up
const CLOSENESS = 2; // how much nearer + goes
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HOW = "Arrows walk, Enter opens, + and − zoom, Shift + arrows move the window, 0 shows all.";

// `told` has `start()`, the values of the chosen item or null; `look(index, place, say)`, for the
// point that was reached; `open(index)`; and `leave()`.
function makeWalk(told) {
  let plot = null;
  let here = null; // {index, x, y} of the point that was reached
  const frame = document.createElement("div");
  frame.className = "penumbra-walk";
  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.style.cssText = "position:absolute;pointer-events:none;border-radius:4px;z-index:3";
  const mark = document.createElement("div");
  mark.style.cssText =
    "position:absolute;width:16px;height:16px;margin:-8px;box-sizing:border-box;display:none;" +
    "border-radius:50%;border:2px solid #10131a;box-shadow:0 0 0 2px #fff,0 0 0 4px #10131a";
  const status = document.createElement("div");
  status.setAttribute("role", "status");
  status.style.cssText =
    "position:absolute;left:6px;bottom:6px;max-width:calc(100% - 12px);padding:3px 8px;" +
    "border-radius:6px;background:#10131a;color:#f4f6fb;font:13px/1.45 var(--st-font,sans-serif);" +
    "visibility:hidden";
  frame.append(mark, status);
  frame.addEventListener("keydown", onKey);
  frame.addEventListener("focus", onFocus);
  frame.addEventListener("blur", onBlur);

  function onFocus() {
    status.style.visibility = "visible";
    frame.style.outline = "2px solid var(--pointer)";
    say(HOW);
  }

  function onBlur() {
    status.style.visibility = "hidden";
    mark.style.display = "none";
    frame.style.outline = "none";
    told.leave();
  }

  function say(sentence) {
    status.textContent = sentence;
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = ARROWS[event.key]
      ? () => (event.shiftKey ? shift : step)(ARROWS[event.key])
      : { Enter: open, " ": open, "+": closer, "=": closer, "-": further, "−": further, 0: all }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // the page's own arrows go on to the next item
    act();
  }

  function step(way) {
    const found = neighbour(plot, placeOf(here) || startPlace(), way, here?.index);
    if (!found) return say(`No further point that way. ${HOW}`);
    here = found;
    reached();
  }

  function startPlace() {
    const values = told.start();
    const { xaxis, yaxis } = plot._fullLayout;
    return (values && inside(plot, ...values)) || {
      left: xaxis._offset + xaxis._length / 2,
      top: yaxis._offset + yaxis._length / 2,
    };
  }

  function placeOf(point) {
    return point && inside(plot, point.x, point.y);
  }

  function reached() {
    place();
    const box = plot.getBoundingClientRect(), at = placeOf(here);
    const client = { clientX: box.left + at.left, clientY: box.top + at.top };
    const index = here.index;
    told.look(index, client, ({ title, said }) => {
      if (here?.index === index) say(`${title}${said ? `: ${said}` : ""}. Enter opens it.`);
    });
  }

  function open() {
    if (here) told.open(here.index);
    else say(`Walk to a point first. ${HOW}`);
  }

  function closer() {
    zoom(CLOSENESS, "Closer");
  }

  function further() {
    zoom(1 / CLOSENESS, "Further away");
  }

  function zoom(factor, said) {
    const about = placeOf(here) || startPlace();
    relayout(([low, high], share) => {
      const at = low + share * (high - low);
      return [at - (at - low) / factor, at + (high - at) / factor];
    }, about);
    say(`${said}. ${HOW}`);
  }

  function shift([right, down]) {
    const moves = { xaxis: right / 2, yaxis: -down / 2 };
    relayout(([low, high], share, name) => {
      const by = moves[name] * (high - low);
      return [low + by, high + by];
    }, startPlace());
    say(`Moved. ${HOW}`);
  }

  // Both ranges anew; `about` is a place of the plot, given to `change` as a share of each axis.
  function relayout(change, about) {
    const { xaxis, yaxis } = plot._fullLayout;
    const shares = {
      xaxis: (about.left - xaxis._offset) / xaxis._length,
      yaxis: 1 - (about.top - yaxis._offset) / yaxis._length,
    };
    const ranges = {};
    for (const [name, axis] of Object.entries({ xaxis, yaxis })) {
      ranges[`${name}.range`] = change(axis.range, shares[name], name);
    }
    told.leave();
    window.Plotly.relayout(plot, ranges);
  }

  function all() {
    told.leave();
    window.Plotly.relayout(plot, { "xaxis.autorange": true, "yaxis.autorange": true });
    say(`All there is. ${HOW}`);
  }

  // The frame lies on the axes, the mark on the point that was reached.
  function place() {
    const layout = plot && plot._fullLayout;
    if (!layout || !layout.xaxis) return;
    const { xaxis, yaxis } = layout;
    Object.assign(frame.style, {
      left: `${xaxis._offset}px`, top: `${yaxis._offset}px`,
      width: `${xaxis._length}px`, height: `${yaxis._length}px`,
    });
    const at = document.activeElement === frame && placeOf(here);
    mark.style.display = at ? "block" : "none";
    if (!at) return;
    mark.style.left = `${at.left - xaxis._offset}px`;
    mark.style.top = `${at.top - yaxis._offset}px`;
  }

  return {
    mount(found) {
      plot = found;
      here = null;
      const figure = plot.closest("[role=figure]");
      frame.setAttribute("aria-label", figure?.getAttribute("aria-label") || "Scatter");
      plot.prepend(frame); // before its toolbar, for the Tab key
    },
    unmount() {
      frame.remove();
      plot = null;
    },
    place,
  };
}

// The nearest point in a direction, {index, x, y}: within 45 degrees of it if there is one. A step goes
// at least `LEAST` pixels, unless all that lies that way is nearer.
function neighbour(plot, from, [right, down], but) {
  const { xaxis, yaxis } = plot._fullLayout;
  const best = [null, null, null]; // in the cone, beside it, nearer than a step
  const costs = [Infinity, Infinity, Infinity];
  for (const trace of plot._fullData) {
    if (trace.visible !== true || !trace.customdata) continue;
    for (let i = 0; i < trace.customdata.length; i++) {
      const x = xaxis.d2p(trace.x[i]), y = yaxis.d2p(trace.y[i]);
      if (!(x >= 0 && x <= xaxis._length && y >= 0 && y <= yaxis._length)) continue;
      const dx = x + xaxis._offset - from.left, dy = y + yaxis._offset - from.top;
      const along = dx * right + dy * down, across = Math.abs(dx * down) + Math.abs(dy * right);
      if (along <= 0 || trace.customdata[i] === but) continue;
      const kind = along < LEAST ? 2 : across <= along ? 0 : 1;
      const cost = along + (kind === 1 ? 4 : 1) * across;
      if (cost >= costs[kind]) continue;
      costs[kind] = cost;
      best[kind] = { index: trace.customdata[i], x: trace.x[i], y: trace.y[i] };
    }
  }
  return best[0] || best[1] || best[2];
}
