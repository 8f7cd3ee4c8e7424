import { post } from './api.js';
import { drawBlocks } from './blocks.js';
import { shortTimeOf, timeOf } from './dates.js';
import { h } from './dom.js';
import { mrkdwn } from './mrkdwn.js';
import { makeUserActions } from './user-actions.js';

/**
 * Renders one message as this person sees it.
 * @param {any} message
 * @param {any} seen everything this person sees
 * @param {{ openThread?: (ts: string) => void, follows?: boolean }} [can] what can be done with it here, and whether it
 * continues the message before
 */
export function drawMessage(message, seen, { openThread, follows = false } = {}) {
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
  const classes = ['message', follows && 'follows', message.onlyForMe && 'private'];
  return h(
    'li',
    { class: classes.filter((each) => each !== false).join(' '), 'data-ts': message.ts },
    follows ? time(at, shortTimeOf(at), 'gutter') : avatar(author, fromApp),
    h(
      'article',
      { 'aria-label': `${author}, ${timeOf(at)}` },
      message.onlyForMe && h('p', { class: 'only-you' }, '👁 Only visible to you'),
      !follows &&
        h(
          'div',
          { class: 'byline' },
          h('strong', {}, author),
          fromApp && h('span', { class: 'badge' }, 'APP'),
          time(at, timeOf(at)),
        ),
      h(
        'div',
        { class: 'content' },
        ...(message.blocks.length > 0
          ? drawBlocks(message.blocks, userActions)
          : [h('div', { class: 'block' }, ...mrkdwn(message.text, names))]),
        ...message.files.map(drawFile),
      ),
      message.shortcuts.length > 0 && menu(message, seen.me),
      openThread !== undefined && !message.onlyForMe && threadButton(message, openThread),
    ),
  );
}

/** @param {{ name: string, text: string }} file */
function drawFile({ name, text }) {
  const href = `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`;
  return h('p', { class: 'file' }, '📄 ', h('a', { href, download: name }, name));
}

/** The app's shortcuts, as in Slack's menu of a message. @param {any} message @param {string} as */
function menu({ channel, ts, shortcuts }, as) {
  const choose = (/** @type {any} */ { target }) => {
    post('slack', 'shortcut', { as, channel, ts, name: target.value });
    target.value = '';
  };
  return h(
    'select',
    { class: 'message-menu', 'aria-label': 'More actions', 'data-key': `menu ${ts}`, onchange: choose },
    h('option', { value: '' }, '⋮'),
    ...shortcuts.map((/** @type {string} */ name) => h('option', { value: name }, name)),
  );
}

/** @param {Date} at @param {string} words @param {string} [kind] */
function time(at, words, kind) {
  return h('time', { class: kind, datetime: at.toISOString(), title: at.toLocaleString() }, words);
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
function threadButton({ ts, replies, readUntil }, openThread) {
  const count = replies.length;
  const mentions = unreadMentions(replies, readUntil);
  return h(
    'button',
    {
      type: 'button',
      class: count > 0 ? 'replies' : 'replies none',
      'data-key': `thread ${ts}`,
      onclick: () => openThread(ts),
    },
    count === 0 ? 'Reply in thread' : count === 1 ? '1 reply' : `${count} replies`,
    mentions > 0 && mentionBadge(mentions),
  );
}

/** @param {any[]} messages @param {string} readUntil */
export function unreadMentions(messages, readUntil) {
  return messages.filter(({ ts, mentionsMe }) => mentionsMe && Number(ts) > Number(readUntil)).length;
}

/** @param {number} count */
export function mentionBadge(count) {
  const words = count === 1 ? ' mention of you' : ' mentions of you';
  return h('span', { class: 'mention-count' }, String(count), h('span', { class: 'hidden' }, words));
}
