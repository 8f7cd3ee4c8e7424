const SHOWN_FOR_MS = 12_000;
const notice = /** @type {HTMLElement} */ (document.getElementById('notice'));
/** @type {number | undefined} */
let timer;

/** Shows a sentence above everything else; `undefined` removes it. @param {string | undefined} sentence */
export function showNotice(sentence) {
  placeNotice();
  clearTimeout(timer);
  notice.textContent = sentence ?? '';
  notice.hidden = sentence === undefined;
  if (sentence !== undefined) timer = window.setTimeout(() => showNotice(undefined), SHOWN_FOR_MS);
}

/**
 * Moves the notice to where it is seen and heard: while a dialog is open, only its content is. It takes room of its own
 * there, so it covers nothing.
 */
export function placeNotice() {
  const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
  const place = dialog ?? /** @type {HTMLElement} */ (document.body);
  if (notice.parentElement === place) return;
  if (dialog === undefined) document.querySelector('main')?.before(notice);
  else dialog.prepend(notice);
}
