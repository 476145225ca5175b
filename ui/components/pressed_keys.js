// Tells the server which key was pressed on which item. While the server is away it tells nothing:
// the last key is kept elsewhere.
let shown = null; // what was drawn last

export default function ({ data, setTriggerValue }) {
  shown = { ...data, setTriggerValue };
  // Past the fields and tiles that have a use for the key, ahead of the buttons' own shortcuts;
  // added twice counts once.
  document.body.addEventListener("keydown", hear);
  return () => (shown = null);
}

function hear(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const other = event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  const key = event.key.toUpperCase();
  if (typing || other || event.defaultPrevented || !shown?.keys.includes(key) || isAway()) return;
  event.stopPropagation();
  event.preventDefault();
  shown.setTriggerValue("pressed", { item: shown.item, key });
}
