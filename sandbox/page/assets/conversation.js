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
  const { list, draw: drawList } = makeMessageList(`Messages in ${label}`, whatToType(first, seen.app));
  const { form, box, showWork } = makeComposer(
    { key: `write ${channelId}`, label: `Message ${label}`, commands: seen.app.commands },
    () => ({ as: seen.me, channel: channelId }),
  );
  const withHome = first.direct && seen.app.appHome.homeTab;
  const readOnly = first.direct && seen.app.appHome.readOnly;
  const closed = h('p', { class: 'read-only' }, 'Sending messages to this app has been turned off.');
  const home = h('div', { class: 'home-place', hidden: true });
  const tabs = h('div', { class: 'home-tabs' });
  let atHome = withHome;
  const title = h('header', {}, h('h1', {}, label), topic(first));
  const nodes = [title, ...(withHome ? [tabs, home] : []), list, readOnly ? closed : form];
  if (atHome) post('slack', 'openHome', { as: seen.me, tab: 'home' });

  /** @param {any} now */
  function find(now) {
    return now.channels.find((/** @type {any} */ each) => each.id === channelId);
  }

  /** @param {any} now */
  function draw(now) {
    const { messages, atWork } = find(now);
    drawList(messages, now, can);
    showWork(atWork);
    if (!withHome) return;
    home.hidden = !atHome;
    list.hidden = atHome;
    form.hidden = atHome;
    closed.hidden = atHome;
    keepingFocus(() => {
      home.replaceChildren(drawHome(now));
      tabs.replaceChildren(tab('Home', true, now), tab('Messages', false, now));
    });
  }

  /** @param {string} name @param {boolean} isHome @param {any} now */
  function tab(name, isHome, now) {
    const choose = () => {
      atHome = isHome;
      post('slack', 'openHome', { as: now.me, tab: isHome ? 'home' : 'messages' });
      draw(now);
    };
    const pressed = String(isHome === atHome);
    return h(
      'button',
      { type: 'button', 'aria-pressed': pressed, 'data-key': `tab ${name}`, onclick: choose },
      name,
    );
  }

  /** Whether messages are visible, not the Home tab. */
  const showsMessages = () => !atHome;

  return { nodes, draw, box, showsMessages };
}

/** @param {any} channel */
function topic(channel) {
  if (channel.archived) return h('p', {}, 'This channel is archived.');
  if (!channel.botIsMember) return h('p', {}, "The app isn't in this channel.");
  return null;
}

/** What an empty channel says. @param {any} channel @param {any} app @returns {Node[]} */
function whatToType(channel, app) {
  const [first] = app.commands;
  const nothing = 'There are no messages here yet.';
  if (
    first === undefined ||
    channel.archived ||
    !channel.botIsMember ||
    (channel.direct && app.appHome.readOnly)
  )
    return [document.createTextNode(nothing)];
  const [example] = first.usageHint.split(' | ');
  return [
    document.createTextNode(`${nothing} Type `),
    h('code', {}, `${first.command} ${example}`.trim()),
    document.createTextNode(' or '),
    h('code', {}, `${first.command} help`),
    document.createTextNode('.'),
  ];
}
