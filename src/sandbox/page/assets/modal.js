import { post } from './api.js';
import { drawBlocks } from './blocks.js';
import { findByKey, h, keepingFocus } from './dom.js';
import { makeHands } from './hands.js';
import { plainWords } from './mrkdwn.js';

/** The form in front of a person. Only the one on top of the stack shows, as in Slack. */
export function makeModal() {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('modal'));
  /** @type {any} */
  let view;
  let as = '';
  let drawn = '';
  /** What had the focus before, by its key: its node may be gone when the form closes. */
  let focusBefore = '';

  // Escape: the app decides what happens to the form, so it closes when the server says so.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    close();
  });

  function close() {
    if (view !== undefined) post('slack', 'close', { as, view: view.id });
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const button = dialog.querySelector('[type=submit]');
    if (button?.getAttribute('aria-busy') === 'true') return;
    button?.setAttribute('aria-busy', 'true');
    await post('slack', 'submit', { as, view: view.id });
    button?.removeAttribute('aria-busy');
  }

  /** @param {any} seen */
  return function draw(seen) {
    const next = seen.modals.at(-1);
    if (next === undefined) {
      if (view === undefined) return;
      view = undefined;
      drawn = '';
      dialog.close();
      findByKey(focusBefore)?.focus();
      return;
    }
    const opened = view === undefined;
    const other = view?.id !== next.id;
    const complained =
      !other &&
      Object.keys(next.errors).length > 0 &&
      JSON.stringify(view.errors) !== JSON.stringify(next.errors);
    view = next;
    as = seen.me;
    if (opened) focusBefore = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key ?? '';
    const picture = JSON.stringify(next);
    if (picture === drawn) return;
    drawn = picture;
    const body = contents(next, seen);
    const scrolled = other ? 0 : (dialog.querySelector('.modal-body')?.scrollTop ?? 0);
    if (other) dialog.replaceChildren(...body);
    else keepingFocus(() => dialog.replaceChildren(...body));
    if (!dialog.open) dialog.showModal();
    const scroller = dialog.querySelector('.modal-body');
    if (scroller !== null) scroller.scrollTop = scrolled;
    if (other) focusFirst('.modal-body input, .modal-body textarea, .modal-body button, footer .primary');
    if (complained) focusFirst('.wrong input, .wrong textarea');
  };

  /** @param {string} selector */
  function focusFirst(selector) {
    /** @type {HTMLElement | null} */ (
      dialog.querySelector('[autofocus]') ?? dialog.querySelector(selector)
    )?.focus();
  }

  /** @param {any} now @param {any} seen */
  function contents(now, seen) {
    const names = { names: seen.names, me: seen.me, groups: seen.groups };
    const hands = makeHands({
      as: seen.me,
      place: { view: now.id },
      state: now.state,
      names,
      people: seen.people,
    });
    return [
      h(
        'form',
        { novalidate: true, onsubmit: submit },
        h(
          'header',
          {},
          h('img', { class: 'avatar small', src: '/icon.svg', alt: '' }),
          h('h2', { id: 'modal-title' }, plainWords(now.title)),
          h(
            'button',
            {
              type: 'button',
              class: 'close',
              'aria-label': 'Close',
              'data-key': 'modal close',
              onclick: close,
            },
            '✕',
          ),
        ),
        h('div', { class: 'modal-body' }, ...drawBlocks(now.blocks, hands, now.errors)),
        h(
          'footer',
          {},
          h(
            'button',
            { type: 'button', class: 'button', 'data-key': 'modal cancel', onclick: close },
            plainWords(now.close) || 'Cancel',
          ),
          now.submit &&
            h(
              'button',
              { type: 'submit', class: 'button primary', 'data-key': 'modal submit' },
              plainWords(now.submit),
            ),
        ),
      ),
    ];
  }
}
