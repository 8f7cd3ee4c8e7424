import { follow, post } from './api.js';
import { makeBandwidth } from './bandwidth.js';
import { betweenPresses } from './between-presses.js';
import { makeConversation } from './conversation.js';
import { findByKey, h, keepingFocus } from './dom.js';
import { unreadMentions } from './message.js';
import { makeModal } from './modal.js';
import { makeSettings } from './settings.js';
import { drawSidebar } from './sidebar.js';
import { makeThread } from './thread.js';

/** The page as a whole: the acting person, what is open, and redrawing after changes. */
const place = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const actAs = /** @type {HTMLSelectElement} */ (place('act-as'));
const FIRST_PERSON = 'U0ANA';

/** @type {any} */
let seen;
let as = new URLSearchParams(location.search).get('as') ?? FIRST_PERSON;
let open = '';
/** @type {ReturnType<typeof makeConversation> | undefined} */
let conversation;
/** @type {ReturnType<typeof makeThread> | undefined} */
let thread;
let threadTs = '';
let peopleDrawn = '';
/** How far each person has read that the server may not know yet, by person and place. @type {Map<string, string>} */
const readHere = new Map();
const drawModal = makeModal(
  () => thread?.box ?? (conversation?.showsMessages() ? conversation.box : undefined),
);
const bandwidth = makeBandwidth(place('bandwidth'));
const settings = makeSettings(place('settings'));
let stop = start();

function start() {
  return follow(as, {
    slack(now) {
      betweenPresses('slack', () => {
        // Someone else may act by now.
        if (now.me !== as) return;
        seen = now;
        draw();
      });
    },
    bandwidth: (now) => betweenPresses('bandwidth', () => bandwidth.draw(now)),
    settings: (now) => betweenPresses('settings', () => settings.draw(now)),
  });
}

function draw() {
  place('slack').inert = false;
  drawPeople();
  if (conversation === undefined)
    openChannel(seen.channels.some((/** @type {any} */ each) => each.id === open) ? open : placeLike(open));
  drawNavigation();
  conversation?.draw(seen);
  thread?.draw(seen);
  drawModal(seen);
  noteRead();
}

/** Everyone has direct messages of their own with the app. @param {string} id */
function placeLike(id) {
  return id.startsWith('D') ? seen.app.directChannel : seen.channels[0].id;
}

function drawNavigation() {
  const unread = (/** @type {any} */ channel) =>
    channel.id !== open && newest(channel.messages) > Number(channel.readUntil);
  const mentionsIn = (/** @type {any} */ channel) =>
    channel.messages
      .map((/** @type {any} */ { replies, readUntil }) => unreadMentions(replies, readUntil))
      .reduce(
        (/** @type {number} */ sum, /** @type {number} */ each) => sum + each,
        channel.id === open ? 0 : unreadMentions(channel.messages, channel.readUntil),
      );
  keepingFocus(() =>
    place('sidebar').replaceChildren(...drawSidebar(seen, { open, unread, mentionsIn, openChannel })),
  );
}

/** What is in front of a person counts as read. */
function noteRead() {
  if (document.hidden || place('slack').hidden || seen.me !== as) return;
  const current = seen.channels.find((/** @type {any} */ each) => each.id === open);
  if (current === undefined) return;
  if (conversation?.showsMessages()) read({ channel: open }, current.messages, current.readUntil);
  if (thread === undefined) return;
  const parent = current.messages.find((/** @type {any} */ each) => each.ts === threadTs);
  if (parent !== undefined) read({ channel: open, threadTs }, parent.replies, parent.readUntil);
}

/** @param {{ channel: string, threadTs?: string }} where @param {any[]} messages @param {string} readUntil */
function read(where, messages, readUntil) {
  const key = [as, ...Object.values(where)].join(' ');
  const known = Math.max(Number(readUntil), Number(readHere.get(key) ?? 0));
  if (newest(messages) <= known) return;
  const { ts } = messages.at(-1);
  readHere.set(key, ts);
  post('slack', 'read', { as, ...where, ts });
}

/** @param {any[]} messages */
function newest(messages) {
  return Number(messages.at(-1)?.ts ?? 0);
}

/** @param {string} id */
function openChannel(id) {
  const moved = open !== id;
  open = id;
  if (moved) closeThread();
  conversation = makeConversation(seen, id, { openThread });
  place('conversation').replaceChildren(...conversation.nodes);
  conversation.draw(seen);
  drawNavigation();
  conversation.box.focus();
  noteRead();
}

/** @param {string} ts */
function openThread(ts) {
  threadTs = ts;
  thread = makeThread(seen, { channel: open, ts }, closeThread);
  place('thread').replaceChildren(...thread.nodes);
  place('thread').hidden = false;
  place('slack').classList.add('with-thread');
  thread.draw(seen);
  thread?.box.focus();
  noteRead();
}

function closeThread() {
  if (thread === undefined) return;
  thread = undefined;
  place('thread').hidden = true;
  place('slack').classList.remove('with-thread');
  findByKey(`thread ${threadTs}`)?.focus();
}

function drawPeople() {
  const known = JSON.stringify(seen.people);
  if (peopleDrawn === known) return;
  peopleDrawn = known;
  actAs.replaceChildren(
    ...seen.people.map((/** @type {any} */ { id, name, title, membership }) =>
      h('option', { value: id }, `${name} (${membership === 'member' ? title : `${title}, ${membership}`})`),
    ),
  );
  actAs.value = as;
}

actAs.addEventListener('change', () => {
  as = actAs.value;
  const address = new URL(location.href);
  address.searchParams.set('as', as);
  history.replaceState(null, '', address);
  stop();
  const openTs = thread === undefined ? '' : threadTs;
  conversation = undefined;
  thread = undefined;
  // Until the new person's view arrives the old one's is visible, and a press would act as the old person.
  place('slack').inert = true;
  place('thread').replaceChildren();
  stop = start();
  if (openTs !== '') reopenWhenSeen(openTs);
});

/** Keeps a thread open after switching to another person. @param {string} ts */
function reopenWhenSeen(ts) {
  const me = as;
  const wait = setInterval(() => {
    if (as !== me) return clearInterval(wait);
    if (seen.me !== me || conversation === undefined) return;
    clearInterval(wait);
    openThread(ts);
    actAs.focus();
  }, 20);
}

const titles = { slack: 'Slack', bandwidth: 'Bandwidth', settings: 'Settings' };
const tabs = Object.keys(titles);
/** @param {string} chosen */
function showTab(chosen) {
  for (const name of tabs) {
    const tab = place(`tab-${name}`);
    tab.setAttribute('aria-selected', String(name === chosen));
    tab.tabIndex = name === chosen ? 0 : -1;
    place(name).hidden = name !== chosen;
  }
  document.title = `${titles[/** @type {keyof typeof titles} */ (chosen)]} · Sandbox`;
  location.hash = chosen === 'slack' ? '' : chosen;
}
for (const name of tabs) {
  const tab = place(`tab-${name}`);
  tab.addEventListener('click', () => showTab(name));
  tab.addEventListener('keydown', ({ key }) => {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const step = key === 'ArrowRight' ? 1 : -1;
    const other = /** @type {string} */ (tabs.at((tabs.indexOf(name) + step) % tabs.length));
    showTab(other);
    place(`tab-${other}`).focus();
  });
}
const asked = location.hash.slice(1);
showTab(tabs.includes(asked) ? asked : 'slack');
