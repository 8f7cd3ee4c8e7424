const SHOWN_FOR_MS = 12_000;
/** @type {number | undefined} */
let timer;

/** Shows a sentence at the bottom of the page; `undefined` removes it. @param {string | undefined} sentence */
export function showNotice(sentence) {
  const notice = /** @type {HTMLElement} */ (document.getElementById('notice'));
  // While a dialog is open, only its content can be seen and heard.
  const dialogs = [...document.querySelectorAll('dialog[open]')];
  (dialogs.at(-1) ?? document.body).append(notice);
  clearTimeout(timer);
  notice.textContent = sentence ?? '';
  notice.hidden = sentence === undefined;
  if (sentence !== undefined) timer = window.setTimeout(() => showNotice(undefined), SHOWN_FOR_MS);
}
