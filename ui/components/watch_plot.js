// Follows the plot of one chart. A changed figure mounts a new plot: it is watched for, and the listeners
// move over to it. `events` are Plotly's with who hears them; `arrive` is called with each new plot
// after they are set, `leave` before they are taken from it, and at the end.
function watchPlot({ events, arrive, leave }) {
  let chart = null;
  let plot = null;
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, { childList: true, subtree: true });

  function look() {
    const found = chart && document.querySelector(`.st-key-${chart} .js-plotly-plot`);
    if (!found || !found.on || found === plot) return;
    letGo();
    plot = found;
    for (const [name, heard] of Object.entries(events)) plot.on(name, heard);
    arrive(plot);
  }

  function letGo() {
    leave(plot);
    if (plot?.removeListener) {
      for (const [name, heard] of Object.entries(events)) plot.removeListener(name, heard);
    }
    plot = null;
  }

  return {
    // The plot that is there now, or null.
    get plot() {
      return plot;
    },
    // From now on, the plot of the chart under this key.
    follow(key) {
      chart = key;
      look();
    },
    end() {
      watcher.disconnect();
      letGo();
    },
  };
}
