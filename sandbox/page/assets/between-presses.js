/** What waits, by name; the latest of each. @type {Map<string, () => void>} */
const waiting = new Map();
let isSpaceDown = false;
let isPointerDown = false;

/**
 * Redraws at once, or after the press that is going on: a control that is replaced between the two halves of a press
 * never hears of it.
 * @param {string} name @param {() => void} redraw
 */
export function betweenPresses(name, redraw) {
  if (isSpaceDown || isPointerDown) waiting.set(name, redraw);
  else redraw();
}

/** The click comes right after the second half, so what waits comes after that. */
function ended() {
  setTimeout(() => {
    if (isSpaceDown || isPointerDown) return;
    const redraws = [...waiting.values()];
    waiting.clear();
    for (const redraw of redraws) redraw();
  });
}

addEventListener(
  'keydown',
  ({ key }) => {
    if (key === ' ') isSpaceDown = true;
  },
  true,
);
addEventListener(
  'keyup',
  ({ key }) => {
    if (key !== ' ') return;
    isSpaceDown = false;
    ended();
  },
  true,
);
addEventListener(
  'pointerdown',
  () => {
    isPointerDown = true;
  },
  true,
);
for (const end of ['pointerup', 'pointercancel', 'dragend']) {
  addEventListener(
    end,
    () => {
      isPointerDown = false;
      ended();
    },
    true,
  );
}
// The second half may happen in another window.
addEventListener('blur', () => {
  isSpaceDown = false;
  isPointerDown = false;
  ended();
});
