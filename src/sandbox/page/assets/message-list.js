import { dayOf } from './dates.js';
import { h, keepingFocus } from './dom.js';
import { drawMessage } from './message.js';

/**
 * A list of messages that is drawn again piece by piece: a message that has not changed keeps its node, so nobody loses
 * a menu that is open or the place in a text.
 * @param {string} label
 */
export function makeMessageList(label) {
  const list = h('ol', {
    class: 'messages',
    'aria-label': label,
    tabindex: '0',
    role: 'log',
    'aria-live': 'polite',
  });
  /** @type {Map<string, { drawn: string, node: HTMLElement }>} */
  let rows = new Map();

  /**
   * @param {any[]} messages
   * @param {any} seen
   * @param {{ openThread?: (ts: string) => void }} [can]
   */
  function draw(messages, seen, can) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    /** @type {typeof rows} */
    const next = new Map();
    /** @type {Node[]} */
    const nodes = [];
    let day = '';
    for (const message of messages) {
      const date = new Date(Number(message.ts) * 1000);
      if (dayOf(date) !== day) {
        day = dayOf(date);
        nodes.push(h('li', { class: 'day' }, h('span', {}, day)));
      }
      const drawn = JSON.stringify([seen.me, message]);
      const old = rows.get(message.ts);
      const row = old?.drawn === drawn ? old : { drawn, node: drawMessage(message, seen, can) };
      next.set(message.ts, row);
      nodes.push(row.node);
    }
    keepingFocus(() => replaceChanged(nodes));
    rows = next;
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  /** Moves nothing that stays, because a moved node loses the focus. @param {Node[]} nodes */
  function replaceChanged(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...list.childNodes]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, at) => {
      const there = list.childNodes[at];
      if (there !== node) list.insertBefore(node, there ?? null);
    });
  }

  return { list, draw };
}
