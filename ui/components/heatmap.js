// A table of numbers on coloured grounds, each a real button. Arrow keys go from cell to cell.
const live = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  let table = live.get(parentElement);
  if (!table) {
    const frame = document.createElement("div");
    frame.className = "frame";
    table = document.createElement("table");
    frame.appendChild(table);
    parentElement.appendChild(frame);
    live.set(parentElement, table);
  }
  fit(table, data);
  table.caption.textContent = data.caption;
  data.columns.forEach((name, i) => (table.tHead.rows[0].cells[i + 1].textContent = name));
  data.rows.forEach((row, i) => {
    const cells = table.tBodies[0].rows[i].cells;
    cells[0].textContent = row.title;
    row.cells.forEach((cell, j) => fill(cells[j + 1].firstChild, cell, data, setTriggerValue));
  });
  table.onkeydown = (event) => walk(event, data.columns.length);
  return () => live.delete(parentElement);
}

function fit(table, { rows, columns }) {
  const shape = `${rows.length} ${columns.length}`;
  if (table.dataset.shape === shape) return;
  table.dataset.shape = shape;
  table.replaceChildren();
  table.createCaption();
  const head = table.createTHead().insertRow();
  head.appendChild(document.createElement("td"));
  columns.forEach(() => head.appendChild(header("col")));
  const body = table.createTBody();
  rows.forEach(() => {
    const row = body.insertRow();
    row.appendChild(header("row"));
    columns.forEach(() => {
      const button = document.createElement("button");
      button.type = "button";
      row.insertCell().appendChild(button);
    });
  });
}

function header(scope) {
  const cell = document.createElement("th");
  cell.scope = scope;
  return cell;
}

function fill(button, { key, text, title, ground, letters }, data, setTriggerValue) {
  button.textContent = text;
  button.title = title;
  button.setAttribute("aria-label", `${text}, ${title}`);
  button.setAttribute("aria-pressed", String(key === data.chosen));
  button.style.background = ground;
  button.style.color = letters;
  button.disabled = !text;
  button.onclick = () => setTriggerValue("picked", key);
}

function walk(event, columns) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  if (!(event.key in steps)) return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const next = buttons[buttons.indexOf(event.target) + steps[event.key]];
  if (next) next.focus();
  event.preventDefault();
}
