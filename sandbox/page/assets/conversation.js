import { post } from './api.js';
import { makeComposer } from './composer.js';
import { h, keepingFocus } from './dom.js';
import { drawHome } from './home.js';
import { makeMessageList } from './message-list.js';

/**
 * The middle of the page: one channel, or the app's direct messages with its Home tab.
 * @param {any} seen as it is when the conversation is opened
 * @param {string} channelId
 * @param {{ openThread: (ts: string) => void }} can
 */
export function makeConversation(seen, channelId, can) {
  const first = find(seen);
  const label = first.direct ? first.name : `#${first.name}`;
  const { list, draw: drawList } = makeMessageList(`Messages in ${label}`);
  const { form, box } = makeComposer(
    { key: `write ${channelId}`, label: `Message ${label}`, commands: seen.app.commands },
    () => ({ as: seen.me, channel: channelId }),
  );
  const withHome = first.direct && seen.app.hasHome;
  const home = h('div', { class: 'home-place', hidden: true });
  const tabs = h('div', { class: 'home-tabs' });
  let atHome = withHome;
  const title = h('header', {}, h('h1', {}, label), topic(first));
  const nodes = [title, ...(withHome ? [tabs, home] : []), list, form];
  if (atHome) post('slack', 'openHome', { as: seen.me });

  /** @param {any} now */
  function find(now) {
    return now.channels.find((/** @type {any} */ each) => each.id === channelId);
  }

  /** @param {any} now */
  function draw(now) {
    drawList(find(now).messages, now, can);
    if (!withHome) return;
    home.hidden = !atHome;
    list.hidden = atHome;
    form.hidden = atHome;
    keepingFocus(() => {
      home.replaceChildren(drawHome(now));
      tabs.replaceChildren(tab('Home', true, now), tab('Messages', false, now));
    });
  }

  /** @param {string} name @param {boolean} isHome @param {any} now */
  function tab(name, isHome, now) {
    const choose = () => {
      atHome = isHome;
      if (isHome) post('slack', 'openHome', { as: now.me });
      draw(now);
    };
    const pressed = String(isHome === atHome);
    return h(
      'button',
      { type: 'button', 'aria-pressed': pressed, 'data-key': `tab ${name}`, onclick: choose },
      name,
    );
  }

  return { nodes, draw, box };
}

/** @param {any} channel */
function topic(channel) {
  if (channel.archived) return h('p', {}, 'This channel is archived.');
  if (!channel.botIsMember) return h('p', {}, "The app isn't in this channel.");
  return null;
}
