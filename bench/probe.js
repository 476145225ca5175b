// What the bench asks of a page: is the scatter painted, and how long until something shows.
window.bench = {
  plot: () => document.querySelector(".st-key-scatter .js-plotly-plot"),

  // Ink on the scatter's canvas, not only a canvas: WebGL draws after the page says it is there.
  painted() {
    const plot = this.plot();
    const canvas = plot && plot.querySelector("canvas.gl-canvas-context");
    if (!canvas || !canvas.width) return false;
    const small = new OffscreenCanvas(64, 64).getContext("2d");
    small.drawImage(canvas, 0, 0, 64, 64);
    return small.getImageData(0, 0, 64, 64).data.some((value) => value > 0);
  },

  // Where some point below `most` on the upward axis lies in the window, by its place in a list.
  places(most) {
    const plot = this.plot();
    const { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return plot._fullData.flatMap((trace) =>
      Array.from(trace.customdata || [], (index, row) => ({
        index,
        height: trace.y[row],
        left: box.left + xaxis._offset + xaxis.d2p(trace.x[row]),
        top: box.top + yaxis._offset + yaxis.d2p(trace.y[row]),
      })),
    ).filter((place) => place.height < most && place.top < window.innerHeight - 8);
  },

  hovered() {
    const found = this.plot()._hoverdata;
    return found && found.length ? found[0].customdata : null;
  },

  // Milliseconds from the next event of that kind to the frame in which shows() holds.
  arm(kind, shows) {
    this.result = new Promise((resolve) => {
      window.addEventListener(
        kind,
        (event) => {
          const check = () =>
            shows() ? resolve(performance.now() - event.timeStamp) : requestAnimationFrame(check);
          check();
        },
        { capture: true, once: true },
      );
    });
  },

  armHover(index) {
    this.arm("mousemove", () => {
      const tile = document.querySelector(".penumbra-hover");
      return tile && tile.style.display === "block" && (index === null || tile.dataset.index == index);
    });
  },

  armPicture(index) {
    this.arm("mouseup", () => {
      const picture = document.querySelector(`img.digit[alt="Picture of Digit ${index}"]`);
      return picture && picture.complete && picture.naturalWidth > 0;
    });
  },

  // What the selector finds is another text or another picture, and that is there.
  armChange(selector, kind = "keydown") {
    const seen = () => {
      const found = document.querySelector(selector);
      return found && found.complete !== false ? found.textContent + (found.alt || "") : null;
    };
    const before = seen();
    this.arm(kind, () => ![before, null].includes(seen()));
  },

  armText(index) {
    this.arm("mouseup", () =>
      [...document.querySelectorAll("p")].some((line) => line.textContent === `Digit ${index}`),
    );
  },
};
