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

export default function ({ data, setTriggerValue }) {
  const strokes = begun || data.strokes.length ? [] : kept(data.start);
  begun = true;
  if (strokes.length) setTriggerValue("found", strokes);
  else keep({ start: data.start, strokes: data.strokes });
}
