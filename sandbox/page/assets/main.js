import { follow } from './api.js';
import { makeBandwidth } from './bandwidth.js';
import { makeConversation } from './conversation.js';
import { findByKey, h, keepingFocus } from './dom.js';
import { makeModal } from './modal.js';
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
/** The newest message each person has seen, by person and channel. @type {Map<string, number>} */
const looked = new Map();
const drawModal = makeModal();
const bandwidth = makeBandwidth(place('bandwidth'));
let stop = start();

function start() {
  return follow(as, {
    slack(now) {
      seen = now;
      draw();
    },
    bandwidth: bandwidth.draw,
  });
}

function draw() {
  place('slack').inert = false;
  drawPeople();
  if (conversation === undefined)
    openChannel(
      seen.channels.some((/** @type {any} */ each) => each.id === open) ? open : seen.channels[0].id,
    );
  drawNavigation();
  conversation?.draw(seen);
  thread?.draw(seen);
  drawModal(seen);
}

function drawNavigation() {
  const current = seen.channels.find((/** @type {any} */ each) => each.id === open);
  if (current !== undefined) looked.set(`${as} ${open}`, newest(current));
  for (const channel of seen.channels) {
    const key = `${as} ${channel.id}`;
    if (!looked.has(key)) looked.set(key, newest(channel));
  }
  const unread = (/** @type {any} */ channel) => newest(channel) > (looked.get(`${as} ${channel.id}`) ?? 0);
  keepingFocus(() => place('sidebar').replaceChildren(...drawSidebar(seen, { open, unread, openChannel })));
}

/** @param {any} channel */
function newest(channel) {
  return Number(channel.messages.at(-1)?.ts ?? 0);
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
}

function closeThread() {
  if (thread === undefined) return;
  thread = undefined;
  place('thread').hidden = true;
  place('slack').classList.remove('with-thread');
  findByKey(`thread ${threadTs}`)?.focus();
}

function drawPeople() {
  const known = seen.people.map((/** @type {any} */ { id }) => id).join();
  if (actAs.dataset.known === known) return;
  actAs.dataset.known = known;
  actAs.replaceChildren(
    ...seen.people.map((/** @type {any} */ { id, name, title }) =>
      h('option', { value: id }, `${name} (${title})`),
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

const tabs = ['slack', 'bandwidth'];
/** @param {string} chosen */
function showTab(chosen) {
  for (const name of tabs) {
    const tab = place(`tab-${name}`);
    tab.setAttribute('aria-selected', String(name === chosen));
    tab.tabIndex = name === chosen ? 0 : -1;
    place(name).hidden = name !== chosen;
  }
  document.title = chosen === 'slack' ? 'Slack · Sandbox' : 'Bandwidth · Sandbox';
  location.hash = chosen === 'slack' ? '' : chosen;
}
for (const name of tabs) {
  const tab = place(`tab-${name}`);
  tab.addEventListener('click', () => showTab(name));
  tab.addEventListener('keydown', ({ key }) => {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const other = /** @type {string} */ (tabs.find((each) => each !== name));
    showTab(other);
    place(`tab-${other}`).focus();
  });
}
showTab(location.hash === '#bandwidth' ? 'bandwidth' : 'slack');
