import { dayOf } from './dates.js';
import { h } from './dom.js';
import { makeKeptNodes } from './kept-nodes.js';
import { drawMessage } from './message.js';

/** How far from the end a person may have scrolled and still follow new messages, in pixels. */
const NEAR_THE_END = 60;

/** @param {string} label */
export function makeMessageList(label) {
  const rows = h('ol');
  const list = h('div', { class: 'messages', role: 'log', 'aria-label': label, tabindex: '0' }, rows);
  const redraw = makeKeptNodes(rows);

  /**
   * @param {any[]} messages
   * @param {any} seen
   * @param {{ openThread?: (ts: string) => void }} [can]
   */
  function draw(messages, seen, can) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_THE_END;
    let day = '';
    redraw(
      messages.flatMap((message) => {
        const row = {
          key: message.ts,
          from: [seen.me, message],
          draw: () => drawMessage(message, seen, can),
        };
        const its = dayOf(new Date(Number(message.ts) * 1000));
        if (its === day) return [row];
        day = its;
        return [{ key: its, from: its, draw: () => h('li', { class: 'day' }, h('span', {}, its)) }, row];
      }),
    );
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  return { list, draw };
}
