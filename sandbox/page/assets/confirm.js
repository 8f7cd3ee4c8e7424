import { h } from './dom.js';
import { plainWords, textNodes } from './mrkdwn.js';
import { placeNotice } from './notice.js';

/**
 * The dialog of an element's `confirm` object.
 * @param {any} confirm
 * @param {import('./mrkdwn.js').Names} names
 * @returns {Promise<boolean>} whether the person said yes
 */
export function askToConfirm(confirm, names) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('confirm'));
  const style = confirm.style === 'danger' ? 'danger' : 'primary';
  dialog.replaceChildren(
    h('h2', { id: 'confirm-title' }, plainWords(confirm.title) || 'Are you sure?'),
    h('div', { class: 'modal-body' }, ...textNodes(confirm.text, names)),
    h(
      'footer',
      {},
      h(
        'button',
        { type: 'button', class: 'button', onclick: () => dialog.close('no') },
        plainWords(confirm.deny) || 'Cancel',
      ),
      h(
        'button',
        { type: 'button', class: `button ${style}`, onclick: () => dialog.close('yes') },
        plainWords(confirm.confirm) || 'Yes',
      ),
    ),
  );
  dialog.returnValue = 'no';
  dialog.showModal();
  placeNotice();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        placeNotice();
        resolve(dialog.returnValue === 'yes');
      },
      { once: true },
    );
  });
}
