// A reload begins a new session on the server. The strokes therefore lie in the tab's own storage
// too, and are handed back to a server that knows of none.
const NAME = "penumbra drawing";
let begun = false;

function kept(start) {
  try {
    const found = JSON.parse(sessionStorage.getItem(NAME));
    return found?.start === start ? found.strokes : [];
  } catch {
    return []; // no storage, or something else in it
  }
}

function keep(drawing) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(drawing));
  } catch {
    // Full or forbidden: the drawing outlives everything but a reload.
  }
}

// A canvas that is drawn for the first time with strokes on it never sends how they look: they wait
// until it stands there empty.
function canvasStands() {
  const parts = document.querySelectorAll("[class*='st-key-canvas'] *");
  return [...parts].some((host) => host.shadowRoot?.querySelector("canvas.upper-canvas"));
}

export default function ({ data, setTriggerValue }) {
  const strokes = begun || data.strokes.length ? [] : kept(data.start);
  if (!strokes.length) {
    begun = true;
    keep({ start: data.start, strokes: data.strokes });
    return undefined;
  }
  let frame = 0;
  const giveBack = () => {
    if (begun) return; // somebody has drawn meanwhile
    if (!canvasStands()) {
      frame = requestAnimationFrame(giveBack);
      return;
    }
    begun = true;
    setTriggerValue("found", strokes);
  };
  giveBack();
  return () => cancelAnimationFrame(frame);
}
