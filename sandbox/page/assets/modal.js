import { post } from './api.js';
import { drawBlock } from './blocks.js';
import { findByKey, h, keepingFocus } from './dom.js';
import { isTyped } from './elements.js';
import { makeKeptNodes } from './kept-nodes.js';
import { plainWords } from './mrkdwn.js';
import { placeNotice } from './notice.js';
import { makeUserActions } from './user-actions.js';

/**
 * The form in front of a person. Only the top of the stack shows, as in Slack.
 * @param {() => HTMLElement | undefined} composer where people type next after closing a form with the mouse
 */
export function makeModal(composer) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('modal'));
  /** @type {any} */
  let view;
  let as = '';
  let title = h('h2');
  let body = h('div');
  let footer = h('footer');
  let redraw = makeKeptNodes(body);
  /** The key of the control that had the focus before: its node may be gone when the form closes. */
  let focusBefore = '';
  let byMouse = false;
  /** Forms that were closed here and may still be in what the server sends. @type {Set<string>} */
  const closed = new Set();
  /** @type {any} */
  let seenLast;

  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    close();
  });
  dialog.addEventListener('pointerdown', () => {
    byMouse = true;
  });
  dialog.addEventListener('keydown', (event) => {
    byMouse = false;
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    const submit = /** @type {HTMLButtonElement | null} */ (dialog.querySelector('[type=submit]'));
    if (submit !== null) dialog.querySelector('form')?.requestSubmit(submit);
  });

  /** As in Slack, a form closes at once: the app only hears of it. */
  function close() {
    if (view === undefined) return;
    closed.add(view.id);
    post('slack', 'close', { as, view: view.id });
    draw(seenLast);
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
  function draw(seen) {
    seenLast = seen;
    const next = seen.modals.findLast((/** @type {any} */ each) => !closed.has(each.id));
    if (next === undefined) {
      if (view === undefined) return;
      view = undefined;
      dialog.close();
      placeNotice();
      const before = byMouse ? undefined : findByKey(focusBefore);
      (before ?? composer())?.focus();
      return;
    }
    if (view === undefined)
      focusBefore = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key ?? '';
    const other = view?.id !== next.id || as !== seen.me;
    const errors = JSON.stringify(next.errors);
    const complained = !other && errors !== '{}' && errors !== JSON.stringify(view.errors);
    view = next;
    as = seen.me;
    if (other) layOut();
    title.textContent = plainWords(next.title);
    keepingFocus(() => footer.replaceChildren(...buttons(next)));
    drawBody(next, seen);
    if (!dialog.open) dialog.showModal();
    placeNotice();
    if (other && !focusFirst('[autofocus]'))
      focusFirst('.modal-body :is(input, textarea, button), footer .primary');
    if (complained) {
      focusFirst('.wrong input, .wrong textarea');
      // The field may be visible while its error isn't.
      dialog.querySelector('.wrong .error')?.scrollIntoView({ block: 'nearest' });
    }
  }
  return draw;

  /** @param {string} selector @returns {boolean} whether there was one */
  function focusFirst(selector) {
    const field = /** @type {HTMLElement | null} */ (dialog.querySelector(selector));
    field?.focus();
    return field !== null;
  }

  function layOut() {
    title = h('h2', { id: 'modal-title' });
    body = h('div', { class: 'modal-body' });
    footer = h('footer');
    redraw = makeKeptNodes(body);
    const shut = h(
      'button',
      { type: 'button', class: 'close', 'aria-label': 'Close', 'data-key': 'modal close', onclick: close },
      '✕',
    );
    const header = h(
      'header',
      {},
      h('img', { class: 'avatar small', src: '/icon.svg', alt: '' }),
      title,
      shut,
    );
    dialog.replaceChildren(h('form', { novalidate: true, onsubmit: submit }, header, body, footer));
  }

  /** @param {any} now @returns {Node[]} */
  function buttons(now) {
    const cancel = h(
      'button',
      { type: 'button', class: 'button', 'data-key': 'modal cancel', onclick: close },
      plainWords(now.close) || 'Cancel',
    );
    if (!now.submit) return [cancel];
    return [
      cancel,
      h(
        'button',
        { type: 'submit', class: 'button primary', 'data-key': 'modal submit' },
        plainWords(now.submit),
      ),
    ];
  }

  /** @param {any} now @param {any} seen */
  function drawBody(now, seen) {
    const names = { names: seen.names, me: seen.me, groups: seen.groups };
    const userActions = makeUserActions({
      as: seen.me,
      place: { view: now.id },
      state: now.state,
      names,
      people: seen.people,
    });
    redraw(
      now.blocks.map((/** @type {any} */ block) => {
        const error = now.errors[block.block_id];
        // The field already shows what is being typed.
        const state = isTyped(block.element) ? undefined : now.state[block.block_id];
        return {
          key: block.block_id,
          from: [block, error, state],
          draw: () => drawBlock(block, userActions, error),
        };
      }),
    );
  }
}
