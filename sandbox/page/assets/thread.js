import { makeComposer } from './composer.js';
import { h } from './dom.js';
import { makeMessageList } from './message-list.js';

/**
 * The pane on the right: a message and its replies.
 * @param {any} seen as it is when the thread is opened
 * @param {{ channel: string, ts: string }} where
 * @param {() => void} close
 */
export function makeThread(seen, { channel, ts }, close) {
  const { list, draw } = makeMessageList('Messages in the thread');
  const { form, box } = makeComposer({ key: `reply ${ts}`, label: 'Reply…', commands: [] }, () => ({
    as: seen.me,
    channel,
    threadTs: ts,
  }));
  const shut = h(
    'button',
    {
      type: 'button',
      class: 'close',
      'aria-label': 'Close thread',
      'data-key': 'thread close',
      onclick: close,
    },
    '✕',
  );
  const pane = /** @type {HTMLElement} */ (document.getElementById('thread'));
  pane.onkeydown = (event) => {
    if (event.key === 'Escape') close();
  };
  return {
    nodes: [h('header', {}, h('h2', {}, 'Thread'), shut), list, form],
    box,
    /** @param {any} now */
    draw(now) {
      const messages = now.channels.find((/** @type {any} */ each) => each.id === channel)?.messages ?? [];
      const parent = messages.find((/** @type {any} */ each) => each.ts === ts);
      if (parent === undefined) return close();
      draw([parent, ...parent.replies], now);
    },
  };
}
