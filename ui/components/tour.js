// A tour: a card that goes from one part of the page to the next and marks each by a frame. Escape
// leaves it, and that it was seen is remembered by this browser alone.
const SEEN = "penumbra tour seen";
const live = new WeakMap();

export default function ({ parentElement, data }) {
  let tour = live.get(parentElement);
  if (!tour) live.set(parentElement, (tour = makeTour(parentElement)));
  tour.update(data);
  return () => {
    tour.destroy();
    live.delete(parentElement);
  };
}

function makeTour(parent) {
  let steps = [];
  let at = -1;
  const begin = document.createElement("button");
  begin.type = "button";
  begin.textContent = "Take the tour";
  begin.classList.toggle("seen", wasSeen());
  begin.onclick = () => go(0);
  parent.appendChild(begin);
  const { card, title, text, place, back, on, leave } = makeCard();
  const frame = makeFrame();
  back.onclick = () => go(at - 1);
  on.onclick = () => (at + 1 < steps.length ? go(at + 1) : end());
  leave.onclick = end;
  card.onkeydown = (event) => {
    event.stopPropagation(); // the page's own arrows rest meanwhile
    if (event.key === "Escape") end();
    if (event.key === "ArrowRight") on.click();
    if (event.key === "ArrowLeft" && at > 0) back.click();
  };
  let drawing = 0;

  function go(to) {
    at = to;
    const step = steps[at];
    title.textContent = step.title;
    text.textContent = step.text;
    place.textContent = `${at + 1} of ${steps.length}`;
    back.disabled = at === 0;
    on.textContent = at + 1 < steps.length ? "Next" : "Done";
    if (!card.isConnected) document.body.append(frame, card);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target()?.scrollIntoView({ block: "center", behavior: still ? "instant" : "smooth" });
    cancelAnimationFrame(drawing);
    follow();
    on.focus({ preventScroll: true });
  }

  function target() {
    return document.querySelector(steps[at]?.at);
  }

  // The frame stays on its part while the page scrolls or is drawn anew.
  function follow() {
    const box = target()?.getBoundingClientRect();
    frame.hidden = !box;
    if (box) {
      Object.assign(frame.style, {
        left: `${box.left - 4}px`, top: `${box.top - 4}px`,
        width: `${box.width + 8}px`, height: `${box.height + 8}px`,
      });
    }
    drawing = requestAnimationFrame(follow);
  }

  function end() {
    cancelAnimationFrame(drawing);
    card.remove();
    frame.remove();
    if (at >= 0) begin.focus();
    at = -1;
    remember();
    begin.classList.add("seen");
  }

  return {
    update(data) {
      steps = data.steps;
    },
    destroy() {
      cancelAnimationFrame(drawing);
      card.remove();
      frame.remove();
      begin.remove();
    },
  };
}

// A browser may keep nothing for us: then the button is as on the first day.
function wasSeen() {
  try {
    return localStorage.getItem(SEEN) === "yes";
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "yes");
  } catch {
    // nothing is lost but this
  }
}

function makeCard() {
  const card = document.createElement("div");
  card.className = "penumbra-tour";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", "Tour");
  card.style.cssText =
    "position:fixed;right:16px;bottom:16px;z-index:1000001;width:min(360px,calc(100vw - 32px));" +
    "box-sizing:border-box;padding:16px 18px;border-radius:12px;background:#1e1c2e;color:#f4f6fb;" +
    "box-shadow:0 8px 40px rgba(0,0,0,.45);font:15px/1.5 Instrument Sans,system-ui,sans-serif";
  const title = document.createElement("strong");
  title.style.cssText = "display:block;font-size:17px;margin-bottom:4px";
  const text = document.createElement("p");
  text.style.cssText = "margin:0 0 12px";
  const said = document.createElement("div");
  said.setAttribute("aria-live", "polite");
  said.append(title, text);
  const row = document.createElement("div");
  row.style.cssText = "display:flex;gap:8px;align-items:center";
  const place = document.createElement("span");
  place.style.cssText = "flex:1;opacity:.8";
  const [leave, back, on] = ["Leave", "Back", "Next"].map(makeButton);
  row.append(place, leave, back, on);
  card.append(said, row);
  return { card, title, text, place, back, on, leave };
}

function makeButton(words) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  button.style.cssText =
    "font:inherit;color:inherit;padding:4px 12px;border-radius:8px;cursor:pointer;" +
    `border:1px solid #a79bff;background:${words === "Next" ? "#5b4bc4" : "transparent"}`;
  return button;
}

function makeFrame() {
  const frame = document.createElement("div");
  frame.setAttribute("aria-hidden", "true");
  frame.style.cssText =
    "position:fixed;z-index:1000000;pointer-events:none;border-radius:10px;" +
    "outline:3px solid #8c6bd6;box-shadow:0 0 0 200vmax rgba(10,8,25,.45)";
  return frame;
}
