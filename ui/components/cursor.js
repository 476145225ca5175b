// A cursor along a chart's axis: a slider, the line on the chart, and what stands at that step.
// All steps come along, so that moving it asks nobody; where it comes to rest is told to the page.
const live = new WeakMap();
const REST = 250; // milliseconds without a move

export default function ({ parentElement, data, setTriggerValue }) {
  let cursor = live.get(parentElement);
  if (!cursor) live.set(parentElement, (cursor = makeCursor(parentElement)));
  cursor.update(data, setTriggerValue);
  return () => {
    cursor.destroy();
    live.delete(parentElement);
  };
}

function makeCursor(parent) {
  let data = null, send = null, plot = null, step = 0, resting = null, playing = null;
  // Steps that the page was told and has not answered yet, in their order: its answers are only
  // echoes. Anything else it says comes from the link, as when somebody goes back.
  let told = [];
  const root = document.createElement("div");
  root.className = "cursor";
  root.innerHTML =
    '<div class="slide"><button type="button" class="play"></button>' +
    '<input type="range" min="0" step="1"><output></output></div>' +
    '<div class="seen"><span class="picture" role="img"></span><div class="said" aria-live="polite">' +
    '<strong></strong><p></p></div><table class="bars"><tbody></tbody></table>' +
    '<table class="numbers"><tbody></tbody></table></div>';
  parent.appendChild(root);
  const [play, range, output] = root.querySelector(".slide").children;
  const picture = root.querySelector(".picture");
  const [heading, reason] = root.querySelector(".said").children;
  const [bars, numbers] = root.querySelectorAll("tbody");
  const line = document.createElement("div");
  line.className = "penumbra-cursor";
  line.setAttribute("aria-hidden", "true");
  line.style.cssText =
    "position:absolute;width:0;border-left:2px solid var(--pointer);pointer-events:none;z-index:4";
  const watch = watchPlot({
    events: { plotly_afterplot: place, plotly_click: onClick },
    arrive,
    leave,
  });
  range.oninput = () => { stop(); go(Number(range.value)); };
  play.onclick = () => (playing ? stop() : start());

  function arrive(found) {
    plot = found;
    place();
  }

  function leave() {
    line.remove();
    plot = null;
  }

  function onClick(event) {
    const x = event.points[0].x;
    const far = data.steps.map((each) => Math.abs(each.x - x));
    stop();
    go(far.indexOf(Math.min(...far)));
  }

  function start() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return go((step + 1) % count());
    playing = setInterval(() => (step + 1 < count() ? go(step + 1) : stop()), 110);
    if (step + 1 >= count()) go(0);
    fillPlay();
  }

  function stop() {
    const was = playing;
    clearInterval(playing);
    playing = null;
    fillPlay();
    if (was) go(step);
  }

  function fillPlay() {
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    play.title = playing ? "Pause" : "Play";
  }

  function count() {
    return data.steps.length;
  }

  function go(to) {
    step = to;
    fill();
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (playing || (!told.length && step === data.at)) return;
      told.push(step);
      send("at", step);
    }, REST);
  }

  function fill() {
    const now = data.steps[step];
    range.max = count() - 1;
    range.value = step;
    range.setAttribute("aria-label", data.title);
    range.setAttribute("aria-valuetext", `${now.at}: ${now.heading}`);
    output.textContent = now.at;
    cutSprite(picture, data.sprite, step);
    picture.setAttribute("aria-label", `${data.alt} at ${now.at}`);
    heading.textContent = `${now.sign} ${now.heading}`;
    heading.dataset.look = now.look;
    reason.textContent = now.reason;
    fillRows(bars, now.bars, (cells, [name, share]) => {
      cells[0].textContent = name;
      cells[1].firstChild.firstChild.style.width = `${100 * share}%`;
      cells[2].textContent = `${(100 * share).toFixed(1)} %`;
    }, true);
    fillRows(numbers, now.numbers, (cells, [name, value]) => {
      cells[0].textContent = name;
      cells[1].textContent = value;
    }, false);
    place();
  }

  function place() {
    const layout = plot && plot._fullLayout;
    if (!layout || !layout.xaxis) return line.remove();
    if (line.parentElement !== plot) plot.appendChild(line);
    line.style.left = `${layout.xaxis._offset + layout.xaxis.d2p(data.steps[step].x) - 1}px`;
    line.style.top = `${layout._size.t}px`;
    line.style.height = `${layout._size.h}px`;
  }

  fillPlay();
  return {
    update(next, setTriggerValue) {
      const same = data && data.id === next.id;
      data = next;
      send = setTriggerValue;
      if (!same) {
        stop();
        clearTimeout(resting);
        told = [];
        step = next.at;
      } else if (told.includes(next.at)) told = told.slice(told.indexOf(next.at) + 1);
      else if (!told.length && !playing) step = next.at;
      watch.follow(data.chart);
      fill();
    },
    destroy() {
      stop();
      clearTimeout(resting);
      watch.end();
      root.remove();
    },
  };
}

function fillRows(body, rows, fillRow, isBars) {
  while (body.rows.length > rows.length) body.deleteRow(-1);
  while (body.rows.length < rows.length) {
    const row = body.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    row.appendChild(head);
    const cell = row.insertCell();
    if (isBars) {
      const track = document.createElement("div");
      track.appendChild(document.createElement("b"));
      cell.appendChild(track);
      row.insertCell();
    }
  }
  rows.forEach((each, i) => {
    body.rows[i].classList.toggle("top", i === 0);
    fillRow(body.rows[i].cells, each);
  });
}
