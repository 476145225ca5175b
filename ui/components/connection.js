// Says when the server does not answer, and takes the last key that was pressed meanwhile once it
// does: on the same item only, for nobody may decide on what was not seen.
const MOVES = /^(Arrow|Page|Home|End|Tab|Escape|Enter)|^ $/;
const AWAY = "The connection to the server is away.";
const TAKEN = " Your key is taken when it is back.";
const MISSED = "The connection was away when you pressed KEY: look whether your last decision is settled.";

const shown = { item: "", keys: {}, run: "" }; // what the page drew last
let pressed = null; // {key, item, run} not known to be answered
let box = null;
let themed = null; // an element that has the theme's colours, which the end of the page has not
const COLOURS = ["text-color", "secondary-background-color", "border-color", "font"];
let wasAway = false;

export default function ({ data, parentElement }) {
  themed = parentElement;
  if (!box) begin();
  if (data.item === undefined) return; // the page around: it has no keys
  Object.assign(shown, data);
  if (pressed && pressed.run !== data.run) wasAway ? press(pressed) : (pressed = null);
}

function begin() {
  box = document.createElement("div");
  box.className = "penumbra-away";
  box.setAttribute("role", "status");
  document.body.append(box);
  window.addEventListener("keydown", note, true);
  const watched = { subtree: true, childList: true, attributeFilter: ["data-test-connection-state"] };
  new MutationObserver(look).observe(document.body, watched);
}

function look() {
  const away = isAway();
  if (away) wasAway = true;
  if (away || box.textContent.startsWith(AWAY)) say(away ? AWAY + (pressed ? TAKEN : "") : "");
}

function say(text) {
  const style = getComputedStyle(themed);
  for (const name of COLOURS) box.style.setProperty(`--st-${name}`, style.getPropertyValue(`--st-${name}`));
  if (box.textContent !== text) box.textContent = text;
}

function note(event) {
  const typing = event.target.closest?.("input, textarea, [contenteditable]");
  const other = event.repeat || event.ctrlKey || event.metaKey || event.altKey || MOVES.test(event.key);
  const name = shown.keys[event.key.toUpperCase()];
  if (typing || other || !name || !button(name)) return;
  if (!isAway()) wasAway = false;
  if (box.textContent && !isAway()) say("");
  pressed = { key: event.key.toUpperCase(), name, item: shown.item, run: shown.run };
  look();
}

function button(name) {
  return document.querySelector(`.st-key-${CSS.escape(name)} button`);
}

// Once the page is whole again and its buttons can be pressed.
function press(asked) {
  pressed = null;
  wasAway = false;
  if (asked.item !== shown.item) return say(MISSED.replace("KEY", asked.key));
  const until = setInterval(() => {
    const app = document.querySelector(APP)?.dataset;
    const found = button(asked.name);
    if (app?.testScriptState !== "notRunning" || isAway() || !found || found.disabled) return;
    clearInterval(until);
    if (asked.item === shown.item) found.click();
    else say(MISSED.replace("KEY", asked.key));
  }, 50);
}
