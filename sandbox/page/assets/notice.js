const SHOWN_FOR_MS = 12_000;
/** @type {number | undefined} */
let timer;

/** Says a sentence at the bottom of the page; `undefined` takes the last one away. @param {string | undefined} sentence */
export function showNotice(sentence) {
  const notice = /** @type {HTMLElement} */ (document.getElementById('notice'));
  // In front of a dialog only what stands in it can be seen and heard.
  const dialogs = [...document.querySelectorAll('dialog[open]')];
  (dialogs.at(-1) ?? document.body).append(notice);
  clearTimeout(timer);
  notice.textContent = sentence ?? '';
  notice.hidden = sentence === undefined;
  if (sentence !== undefined) timer = window.setTimeout(() => showNotice(undefined), SHOWN_FOR_MS);
}
