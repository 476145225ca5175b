// Where the values of a plot lie on the screen.

// The values of an item's point; null if none is drawn.
function valuesOf(plot, index) {
  if (!plot.data) return null;
  for (const trace of plot._fullData) {
    if (trace.visible !== true || !trace.customdata) continue;
    const row = trace.customdata.indexOf(index);
    if (row >= 0) return [trace.x[row], trace.y[row]];
  }
  return null;
}

// Where two values lie inside the plot's element; null if that is out of sight.
function inside(plot, x, y) {
  const layout = plot._fullLayout;
  if (!layout || !layout.xaxis) return null;
  const left = layout.xaxis.d2p(x);
  const top = layout.yaxis.d2p(y);
  const seen =
    left >= 0 && left <= layout.xaxis._length && top >= 0 && top <= layout.yaxis._length;
  return seen ? { left: layout.xaxis._offset + left, top: layout.yaxis._offset + top } : null;
}
