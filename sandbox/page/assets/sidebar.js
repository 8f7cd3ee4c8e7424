import { h } from './dom.js';
import { avatar } from './message.js';

/**
 * Channels and direct messages, in bold if something happened since this person last looked.
 * @param {any} seen
 * @param {{ open: string, unread: (channel: any) => boolean, openChannel: (id: string) => void }} given
 */
export function drawSidebar(seen, { open, unread, openChannel }) {
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
      ),
    );
  const group = (/** @type {string} */ title, /** @type {any[]} */ channels) => [
    h('h2', {}, title),
    h('ul', {}, ...channels.map(item)),
  ];
  return [
    h('p', { class: 'team' }, seen.team),
    ...group(
      'Channels',
      seen.channels.filter((/** @type {any} */ each) => !each.direct),
    ),
    ...group(
      'Apps',
      seen.channels.filter((/** @type {any} */ each) => each.direct),
    ),
  ];
}
