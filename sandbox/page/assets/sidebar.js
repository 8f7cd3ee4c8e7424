import { h } from './dom.js';
import { avatar, mentionBadge } from './message.js';
import { mrkdwn } from './mrkdwn.js';

/**
 * Channels and direct messages, in bold if something happened since this person last looked.
 * @param {any} seen
 * @param {{ open: string, unread: (channel: any) => boolean, mentionsIn: (channel: any) => number, openChannel: (id: string) => void }} given
 */
export function drawSidebar(seen, { open, unread, mentionsIn, openChannel }) {
  const item = (/** @type {any} */ channel) =>
    h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: unread(channel) ? 'unread' : '',
          'aria-current': channel.id === open ? 'page' : undefined,
          'data-key': `open ${channel.id}`,
          onclick: () => openChannel(channel.id),
        },
        channel.direct
          ? avatar(channel.name, true)
          : h('span', { class: 'hash', 'aria-hidden': 'true' }, channel.private ? '🔒' : '#'),
        channel.name,
        unread(channel) && h('span', { class: 'hidden' }, ' (unread)'),
        mentionsIn(channel) > 0 && mentionBadge(mentionsIn(channel)),
      ),
    );
  const group = (/** @type {string} */ title, /** @type {any[]} */ channels) => [
    h('h2', {}, title),
    h('ul', {}, ...channels.map(item)),
  ];
  /** The newest messages that notified this person. */
  const mentions = () =>
    seen.mentions.length === 0
      ? []
      : [
          h('h2', {}, 'Mentions'),
          h(
            'ul',
            { class: 'mentions' },
            ...seen.mentions.map((/** @type {any} */ each) =>
              h(
                'li',
                {},
                h(
                  'button',
                  {
                    type: 'button',
                    'data-key': `mention ${each.ts}`,
                    onclick: () => openChannel(each.channel),
                  },
                  // As plain words: what can be pressed may not contain links.
                  h(
                    'span',
                    {},
                    ...mrkdwn(each.text.split('\n')[0].slice(0, 200), {
                      names: seen.names,
                      me: seen.me,
                      groups: seen.groups,
                    }),
                  ).textContent || 'A message',
                ),
              ),
            ),
          ),
        ];
  return [
    h('p', { class: 'team' }, seen.team),
    ...group(
      'Channels',
      seen.channels.filter((/** @type {any} */ each) => !each.direct),
    ),
    ...mentions(),
    ...group(
      'Apps',
      seen.channels.filter((/** @type {any} */ each) => each.direct),
    ),
  ];
}
