// Copies the link, and saves the plot with its title, what it is of, and the day.
const live = new WeakMap();
const WIDTH = 1200, HEIGHT = 800;

export default function ({ parentElement, data }) {
  let row = live.get(parentElement);
  if (!row) {
    live.set(parentElement, (row = document.createElement("div")));
    parentElement.appendChild(row);
  }
  const said = row.querySelector("span") || document.createElement("span");
  said.setAttribute("role", "status");
  const say = (sentence) => (said.textContent = sentence);
  row.replaceChildren(
    button("Copy link", () => copy(say)),
    button("Save as PNG", () => save(data, "png", say)),
    button("Save as SVG", () => save(data, "svg", say)),
    said,
  );
  return () => live.delete(parentElement);
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.onclick = act;
  return made;
}

// Without leave to write there, or without TLS, the address bar still has it.
function copy(say) {
  const copied = navigator.clipboard?.writeText(window.location.href);
  if (!copied) return say("Copy the address of this page from the browser.");
  copied.then(
    () => say("The link is copied."),
    () => say("Copy the address of this page from the browser."),
  );
}

async function save({ chart, title, note, file }, format, say) {
  const plot = document.querySelector(`.st-key-${chart} .js-plotly-plot`);
  if (!plot?._fullLayout || !window.Plotly) return say("The plot is not drawn yet.");
  const data = plot.data.filter((trace) => !trace.meta?.rows); // the pictures stay in the page
  const day = new Date().toISOString().slice(0, 10);
  const ground = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
  const layout = {
    ...plot.layout,
    paper_bgcolor: ground,
    plot_bgcolor: ground,
    margin: { l: 70, r: 30, t: 140, b: 60 },
    title: {
      text: `${title}<br><span style="font-size:15px">${note} · ${day} · Penumbra</span>`,
      x: 0.02, xanchor: "left", y: 0.96, yanchor: "top", font: { size: 26 },
    },
  };
  for (const name of ["xaxis", "yaxis"]) {
    layout[name] = { ...layout[name], range: plot._fullLayout[name].range, autorange: false };
  }
  const size = { format, width: WIDTH, height: HEIGHT, scale: format === "png" ? 2 : 1 };
  const address = await window.Plotly.toImage({ data, layout }, size);
  const link = document.createElement("a");
  link.href = address;
  link.download = `${file}-${day}.${format}`;
  link.click();
  say(`Saved as ${link.download}.`);
}
