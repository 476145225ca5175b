// What of a page lies on top of what, and what sticks out of it: a list of sentences, empty where all
// is well. A box belongs to what can be pressed or read; it counts as far as it can be seen.
() => {
  const PRESSED = "button, a[href], input, textarea, select, [role=slider], [role=radio]";
  const READ = "h1, h2, h3, p, li, td, th, label, figcaption, img, canvas, table, .js-plotly-plot";
  const main = document.querySelector("[data-testid=stApp]");
  const shown = [...everything(main)].filter((each) => each.matches(`${PRESSED}, ${READ}`) && isSeen(each));
  const boxes = shown.flatMap((each) => seenBoxes(each).map((box) => ({ each, box })));
  const found = [];
  for (const [i, one] of boxes.entries()) {
    for (const two of boxes.slice(i + 1)) {
      if (!one.each.matches(PRESSED) && !two.each.matches(PRESSED)) continue;
      if (related(one.each, two.each) || !overlap(one.box, two.box)) continue;
      found.push(`${name(one.each)} and ${name(two.each)}`);
    }
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push(`the page is ${wide} pixels too wide`);
  const column = document.querySelector("[data-testid=stMain]");
  if (column.scrollWidth > column.clientWidth) {
    const out = boxes.filter(({ box }) => box.right > column.getBoundingClientRect().right);
    found.push(`the main column scrolls sideways: ${out.map(({ each }) => name(each))}`);
  }
  return found;

  function* everything(root) {
    for (const each of root.querySelectorAll("*")) {
      yield each;
      if (each.shadowRoot) yield* everything(each.shadowRoot);
    }
  }

  // Not what is invisible or small on purpose, nor what floats over a page: its bar, an open sidebar on
  // a narrow screen, the marks and keys inside a plot.
  function isSeen(each) {
    if (!each.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    for (let at = each; at; at = up(at)) {
      if (at.matches?.("header, .js-plotly-plot .modebar-container, .penumbra-mark, .penumbra-walk")) {
        return false;
      }
      if (at.matches?.("[data-testid=stSidebar]") && getComputedStyle(at).position !== "relative") {
        return false;
      }
    }
    return true;
  }

  function up(each) {
    return each.parentElement || each.getRootNode().host || null;
  }

  // As much of its boxes, one a line, as no frame around it cuts off; what is scrolled out of the page is part of it.
  function seenBoxes(each) {
    return [...each.getClientRects()].map((box) => seenBox(each, box)).filter(Boolean);
  }

  function seenBox(each, { left, top, right, bottom }) {
    for (let at = up(each); at; at = up(at)) {
      const style = getComputedStyle(at);
      if (at.matches("[data-testid=stMain], [data-testid=stSidebarContent]")) break;
      if (style.overflow === "visible") continue;
      const box = at.getBoundingClientRect();
      [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
      [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
    }
    return right - left > 4 && bottom - top > 4 ? { left, top, right, bottom } : null;
  }

  // One holds the other, or both are parts of one control.
  function related(one, two) {
    for (let at = one; at; at = up(at)) if (at === two) return true;
    for (let at = two; at; at = up(at)) if (at === one) return true;
    const control = "label, [role=radiogroup], [data-testid=stSlider], [data-baseweb], .stFileUploader," +
      " .stSelectbox, .stMultiSelect, .stNumberInput, .stTextInput, .stTextArea, iframe";
    return one.closest(control) && one.closest(control) === two.closest(control);
  }

  function overlap(a, b) {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return across > 2 && down > 2;
  }

  function name(each) {
    const said = each.getAttribute("aria-label") || each.alt || each.innerText || each.className || "";
    return `${each.tagName.toLowerCase()} "${String(said).trim().slice(0, 40)}"`;
  }
}
