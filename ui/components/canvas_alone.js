// The canvas lies in a shadow root of its own, which no style of the page reaches: its toolbar is
// hidden by a style sheet put in there, on every canvas that comes while this is shown.
const sheet = new CSSStyleSheet();
sheet.replaceSync(".dc-toolbar { display: none !important; }");
let watch = null;

function hide() {
  for (const host of document.querySelectorAll("[class*='st-key-canvas'] *")) {
    const root = host.shadowRoot;
    if (root && !root.adoptedStyleSheets.includes(sheet)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    }
  }
}

export default function () {
  hide();
  if (watch === null) {
    watch = new MutationObserver(hide);
    watch.observe(document.body, { childList: true, subtree: true });
  }
  return () => {
    watch?.disconnect();
    watch = null;
  };
}
