import { post } from './api.js';
import { h } from './dom.js';
import { readPicked } from './picked-files.js';

/**
 * The input at the bottom of a conversation. Typing a slash suggests the app's commands.
 * @param {{ key: string, label: string, commands: { command: string, description: string, usageHint: string }[] }}
 * given
 * @param {() => { as: string, channel: string, threadTs?: string }} where
 */
export function makeComposer({ key, label, commands }, where) {
  const listId = `commands-${key.replaceAll(' ', '-')}`;
  const work = h('p', { class: 'work', role: 'status' });
  const hint = h('p', { class: 'usage', role: 'status' });
  const list = h('ul', {
    id: listId,
    class: 'options commands',
    role: 'listbox',
    'aria-label': 'Commands',
    hidden: true,
  });
  const box = /** @type {HTMLTextAreaElement} */ (
    h('textarea', {
      rows: 1,
      'aria-label': label,
      placeholder: label,
      'data-key': key,
      'aria-autocomplete': 'list',
      'aria-controls': listId,
      oninput: look,
      onkeydown: onKey,
      onblur: () => show([]),
    })
  );
  const send = h('button', { type: 'submit', class: 'send', 'aria-label': 'Send' }, '➤');
  /** @type {typeof commands} */
  let offered = [];
  let active = 0;

  function look() {
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
    const typed = box.value;
    show(
      /^\/\S*$/.test(typed)
        ? commands.filter(({ command }) => command.startsWith(typed) && command !== typed)
        : [],
    );
    const known = commands.find(({ command }) => typed === command || typed.startsWith(`${command} `));
    hint.replaceChildren(
      ...(known === undefined ? [] : [h('strong', {}, known.command), ` ${known.usageHint}`]),
    );
  }

  /** @param {typeof commands} found */
  function show(found) {
    offered = found;
    active = 0;
    list.replaceChildren(
      ...found.map(({ command, description, usageHint }, at) =>
        h(
          'li',
          {
            id: `${listId}-${at}`,
            role: 'option',
            'aria-selected': String(at === active),
            class: at === active ? 'active' : '',
            onmousedown: (/** @type {Event} */ event) => {
              event.preventDefault();
              complete(at);
            },
          },
          h('span', {}, h('strong', {}, command), ` ${usageHint}`),
          h('span', { class: 'option-description' }, description),
        ),
      ),
    );
    list.hidden = found.length === 0;
    if (found.length > 0) box.setAttribute('aria-activedescendant', `${listId}-0`);
    else box.removeAttribute('aria-activedescendant');
  }

  /** @param {number} at */
  function complete(at) {
    box.value = `${offered[at]?.command} `;
    look();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!list.hidden && (event.key === 'Tab' || event.key === 'Enter')) {
      event.preventDefault();
      complete(active);
    } else if (!list.hidden && event.key === 'Escape') {
      show([]);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void submit();
    }
  }

  async function submit() {
    const text = box.value.trim();
    if (text === '') return;
    box.value = '';
    look();
    const { problem } = await post('slack', 'write', { ...where(), text });
    if (problem !== undefined && box.value === '') box.value = text;
  }

  /** A picked file is shared at once, with what is typed. @param {any} event */
  async function share({ target }) {
    const files = await readPicked(target.files);
    target.value = '';
    const text = box.value.trim();
    const { problem } = await post('slack', 'write', { ...where(), text, files });
    if (problem !== undefined) return;
    box.value = '';
    look();
  }

  const chooser = h('input', { type: 'file', hidden: true, onchange: share });
  const shareButton = h(
    'button',
    { type: 'button', class: 'share', 'aria-label': 'Share a file', onclick: () => chooser.click() },
    '📎',
  );

  const form = h(
    'form',
    {
      class: 'composer',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        void submit();
        box.focus();
      },
    },
    list,
    h('div', { class: 'box' }, box, chooser, shareButton, send),
    h('div', { class: 'below' }, work, hint),
  );

  /** Says which commands the app is working on. @param {string[]} commands as typed */
  function showWork(commands) {
    const said = commands.length === 0 ? '' : `Working on ${commands.join(' and ')}…`;
    if (work.textContent !== said) work.textContent = said;
  }

  return { form, box, showWork };
}
