import { dayOf } from './dates.js';
import { h } from './dom.js';
import { makeKeptNodes } from './kept-nodes.js';
import { drawMessage } from './message.js';

/** How far from the end a person may have scrolled and still follow new messages, in pixels. */
const NEAR_THE_END = 60;
/** How close together messages of one author share a byline, in seconds. */
const ONE_RUN_S = 5 * 60;

/** @param {string} label @param {Node[]} [whenEmpty] */
export function makeMessageList(label, whenEmpty = []) {
  const rows = h('ol');
  const empty = h('p', { class: 'nothing', hidden: true }, ...whenEmpty);
  const list = h('div', { class: 'messages', role: 'log', 'aria-label': label, tabindex: '0' }, empty, rows);
  const redraw = makeKeptNodes(rows);

  /**
   * @param {any[]} messages
   * @param {any} seen
   * @param {{ openThread?: (ts: string) => void }} [can]
   */
  function draw(messages, seen, can) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_THE_END;
    empty.hidden = messages.length > 0;
    rows.hidden = messages.length === 0;
    let day = '';
    /** @type {any} */
    let before;
    redraw(
      messages.flatMap((message) => {
        const its = dayOf(new Date(Number(message.ts) * 1000));
        const follows = its === day && before !== undefined && continues(message, before);
        before = message;
        const row = {
          key: message.ts,
          from: [seen.me, message, follows],
          draw: () => drawMessage(message, seen, { ...can, follows }),
        };
        if (its === day) return [row];
        day = its;
        return [{ key: its, from: its, draw: () => h('li', { class: 'day' }, h('span', {}, its)) }, row];
      }),
    );
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  return { list, draw };
}

/** Whether a message goes without a byline, as in Slack. @param {any} message @param {any} before */
function continues(message, before) {
  return (
    message.user === before.user &&
    message.onlyForMe === before.onlyForMe &&
    Number(message.ts) - Number(before.ts) < ONE_RUN_S
  );
}
