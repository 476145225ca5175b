// A held key repeats. One press is one decision, so what repeats stops here; keys that only move on,
// and what is typed into a field, go through.
const MOVES = /^(Arrow|Page|Home|End|Tab)/;

export default function () {
  window.addEventListener("keydown", stopRepeats, true); // first of all, and added twice counts once
  return () => window.removeEventListener("keydown", stopRepeats, true);
}

function stopRepeats(event) {
  const typing = event.target.closest?.("input, textarea, [contenteditable]");
  if (!event.repeat || typing || MOVES.test(event.key)) return;
  event.stopImmediatePropagation();
  event.preventDefault(); // a held Enter would press the focused button again
}
