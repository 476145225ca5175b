// Pictures of the least sure items in the plot, each beside its point: over no mistake, over none of
// each other, and hidden by their entry in the legend.
const REACHES = [26, 38, 54, 72, 92, 116]; // pixels from a point to the middle of its picture
const TURNS = [-90, -45, -135, 0, 180, 45, 135, 90]; // degrees; up first
const ROOM = 7; // pixels around a mistake

// `told` has `look(row, client)`, `leave()` and `open(row)`.
function makePictures(told) {
  let shown = [];

  function clear() {
    for (const { picture, line } of shown) {
      picture.remove();
      line.remove();
    }
    shown = [];
  }

  function place(plot, data) {
    const trace = plot._fullData?.find((each) => each.meta?.rows);
    if (!trace || trace.visible !== true || !data.pictures) return clear();
    const size = plot.clientWidth < 500 ? 24 : 32;
    const avoid = [...pixels(plot, ...trace.meta.avoid), ...pixels(plot, trace.x, trace.y)];
    const taken = [];
    while (shown.length > trace.meta.rows.length) {
      const { picture, line } = shown.pop();
      picture.remove();
      line.remove();
    }
    trace.meta.rows.forEach((row, i) => {
      const each = (shown[i] ??= makePicture(told));
      const at = inside(plot, trace.x[i], trace.y[i]);
      const box = at && freeBox(plot, at, size, avoid, taken);
      each.picture.hidden = each.line.hidden = !box;
      if (!box) return;
      taken.push(box);
      fill(each, row, box, at, size, data);
      if (each.picture.parentElement !== plot) plot.append(each.line, each.picture);
    });
  }

  return { place, clear };
}

function pixels(plot, xs, ys) {
  return Array.from(xs, (x, i) => inside(plot, x, ys[i])).filter(Boolean);
}

// The nearest box beside a point that lies in the axes and touches nothing; null if there is none.
function freeBox(plot, at, size, avoid, taken) {
  const { xaxis, yaxis } = plot._fullLayout;
  for (const reach of REACHES) {
    for (const turn of TURNS) {
      const left = at.left + reach * Math.cos((turn * Math.PI) / 180) - size / 2;
      const top = at.top + reach * Math.sin((turn * Math.PI) / 180) - size / 2;
      const box = { left, top, right: left + size, bottom: top + size };
      const isInside =
        box.left >= xaxis._offset && box.right <= xaxis._offset + xaxis._length &&
        box.top >= yaxis._offset && box.bottom <= yaxis._offset + yaxis._length;
      if (isInside && !taken.some((other) => touch(box, other)) && !avoid.some((p) => covers(box, p))) {
        return box;
      }
    }
  }
  return null;
}

function touch(a, b) {
  return a.left < b.right + 2 && b.left < a.right + 2 && a.top < b.bottom + 2 && b.top < a.bottom + 2;
}

function covers(box, { left, top }) {
  return (
    left > box.left - ROOM && left < box.right + ROOM && top > box.top - ROOM && top < box.bottom + ROOM
  );
}

function fill({ picture, line }, row, box, at, size, data) {
  picture.dataset.row = row;
  Object.assign(picture.style, { left: `${box.left}px`, top: `${box.top}px` });
  picture.style.width = picture.style.height = `${size}px`;
  if (data.sprite) {
    const { url, columns, width, height } = data.sprite;
    const zoom = size / height;
    picture.style.backgroundImage = `url("${url}")`;
    picture.style.backgroundSize = `${columns * width * zoom}px auto`;
    picture.style.backgroundPosition =
      `-${(row % columns) * width * zoom}px -${Math.floor(row / columns) * height * zoom}px`;
  } else {
    picture.style.backgroundImage = `url("${data.pictures.replace("{row}", row)}")`;
    picture.style.backgroundSize = "cover";
  }
  const dx = box.left + size / 2 - at.left, dy = box.top + size / 2 - at.top;
  line.style.left = `${at.left}px`;
  line.style.top = `${at.top}px`;
  line.style.width = `${Math.max(0, Math.hypot(dx, dy) - size / 2)}px`;
  line.style.transform = `rotate(${Math.atan2(dy, dx)}rad)`;
}

// For the eye and the mouse; the keyboard reaches the same items by the arrows and in the gallery.
function makePicture(told) {
  const picture = document.createElement("div");
  picture.className = "penumbra-picture";
  picture.setAttribute("aria-hidden", "true");
  picture.style.cssText =
    "position:absolute;z-index:2;box-sizing:border-box;border-radius:5px;cursor:pointer;" +
    "image-rendering:pixelated;box-shadow:0 0 0 1.5px var(--shadow),0 1px 5px rgba(0,0,0,.45)";
  const line = document.createElement("div");
  line.setAttribute("aria-hidden", "true");
  line.style.cssText =
    "position:absolute;z-index:1;height:0;border-top:1.5px solid var(--shadow);transform-origin:0 0;" +
    "pointer-events:none";
  const row = () => Number(picture.dataset.row);
  picture.onpointerenter = (event) => told.look(row(), event);
  picture.onpointerleave = () => told.leave();
  picture.onclick = () => told.open(row());
  return { picture, line };
}
