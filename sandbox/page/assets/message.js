import { drawBlocks } from './blocks.js';
import { timeOf } from './dates.js';
import { h } from './dom.js';
import { mrkdwn } from './mrkdwn.js';
import { makeUserActions } from './user-actions.js';

/**
 * Renders one message as this person sees it.
 * @param {any} message
 * @param {any} seen everything this person sees
 * @param {{ openThread?: (ts: string) => void }} [can] what can be done with it here
 */
export function drawMessage(message, seen, { openThread } = {}) {
  const names = { names: seen.names, me: seen.me, groups: seen.groups };
  const userActions = makeUserActions({
    as: seen.me,
    place: { channel: message.channel, ts: message.ts },
    state: message.state,
    names,
    people: seen.people,
  });
  const fromApp = message.user === seen.app.userId;
  const author = fromApp ? seen.app.name : seen.names[message.user];
  const at = new Date(Number(message.ts) * 1000);
  return h(
    'li',
    { class: message.onlyForMe ? 'message private' : 'message', 'data-ts': message.ts },
    avatar(author, fromApp),
    h(
      'article',
      { 'aria-label': `${author}, ${timeOf(at)}` },
      message.onlyForMe && h('p', { class: 'only-you' }, '👁 Only visible to you'),
      h(
        'div',
        { class: 'byline' },
        h('strong', {}, author),
        fromApp && h('span', { class: 'badge' }, 'APP'),
        h('time', { datetime: at.toISOString(), title: at.toLocaleString() }, timeOf(at)),
      ),
      h(
        'div',
        { class: 'content' },
        ...(message.blocks.length > 0
          ? drawBlocks(message.blocks, userActions)
          : [h('div', { class: 'block' }, ...mrkdwn(message.text, names))]),
        ...message.files.map((/** @type {any} */ file) => h('p', { class: 'file' }, `📄 ${file.name}`)),
      ),
      openThread !== undefined && !message.onlyForMe && threadButton(message, openThread),
    ),
  );
}

/** @param {string} name @param {boolean} isApp */
export function avatar(name, isApp) {
  if (isApp) return h('img', { class: 'avatar', src: '/icon.svg', alt: '' });
  const hue = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  const initial = h('span', { class: 'avatar', 'aria-hidden': 'true' }, name.slice(0, 1).toUpperCase());
  initial.style.setProperty('--hue', String(hue));
  return initial;
}

/** @param {any} message @param {(ts: string) => void} openThread */
function threadButton({ ts, replies }, openThread) {
  const count = replies.length;
  return h(
    'button',
    {
      type: 'button',
      class: count > 0 ? 'replies' : 'replies none',
      'data-key': `thread ${ts}`,
      onclick: () => openThread(ts),
    },
    count === 0 ? 'Reply in thread' : count === 1 ? '1 reply' : `${count} replies`,
  );
}
