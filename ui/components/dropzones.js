// Streamlit names the area for files and calls it mere decoration at once, which screen readers may
// resolve either way: with its role taken away it is a region with a name.
let watch = null;

function mend() {
  for (const area of document.querySelectorAll(
    "[data-testid=stFileUploaderDropzone][role=presentation]",
  )) area.removeAttribute("role");
}

export default function () {
  mend();
  if (watch === null) {
    watch = new MutationObserver(mend);
    watch.observe(document.body, { childList: true, subtree: true });
  }
  return () => {
    watch?.disconnect();
    watch = null;
  };
}
