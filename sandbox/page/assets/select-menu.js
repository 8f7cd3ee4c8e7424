import { h } from './dom.js';
import { plainWords } from './mrkdwn.js';

const ASK_AFTER_MS = 150;
let menus = 0;

/**
 * A menu with a search field (an ARIA combobox), for every kind of select.
 * @param {{
 *   key: string,
 *   label: string | undefined,
 *   labelledBy?: string | undefined,
 *   describedBy?: string | undefined,
 *   invalid?: boolean | undefined,
 *   required?: boolean | undefined,
 *   placeholder: string,
 *   chosen: any,
 *   choose: (option: any) => void,
 *   find: (typed: string) => Promise<any[]>,
 *   fewest: number,
 * }} given `fewest`: how much must be typed before the app is asked.
 */
export function selectMenu({
  key,
  label,
  labelledBy,
  describedBy,
  invalid,
  required,
  placeholder,
  chosen,
  choose,
  find,
  fewest,
}) {
  menus += 1;
  const listId = `options-${menus}`;
  const shown = plainWords(chosen?.text);
  /** @type {any[]} */
  let options = [];
  let active = -1;
  let asked = 0;
  /** @type {number | undefined} */
  let timer;

  const list = h('ul', {
    id: listId,
    role: 'listbox',
    class: 'options',
    hidden: true,
    'aria-label': label ?? placeholder,
  });
  const status = h('p', { class: 'options-status', role: 'status' });
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'text',
      role: 'combobox',
      class: 'field select',
      autocomplete: 'off',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': listId,
      'aria-label': labelledBy === undefined ? (label ?? placeholder) : undefined,
      'aria-labelledby': labelledBy,
      'aria-describedby': describedBy,
      'aria-invalid': invalid ? 'true' : undefined,
      'aria-required': required ? 'true' : undefined,
      placeholder,
      value: shown,
      'data-key': key,
      oninput: () => ask(input.value),
      onclick: () => (list.hidden ? ask('') : undefined),
      onkeydown: onKey,
      onblur: close,
    })
  );

  /** @param {string} typed */
  function ask(typed) {
    clearTimeout(timer);
    if (typed.length < fewest) {
      options = [];
      return open(`Type ${fewest === 1 ? 'a letter' : `${fewest} letters`} or more to search`);
    }
    asked += 1;
    const mine = asked;
    timer = window.setTimeout(
      async () => {
        const found = await find(typed);
        if (mine !== asked || document.activeElement !== input) return;
        options = found;
        active = found.findIndex((each) => each.value === chosen?.value);
        open(found.length === 0 ? 'No results' : '');
      },
      typed === '' ? 0 : ASK_AFTER_MS,
    );
  }

  /** @param {string} said */
  function open(said) {
    list.replaceChildren(
      ...options.map((option, at) =>
        h(
          'li',
          {
            id: `${listId}-${at}`,
            role: 'option',
            'aria-selected': option.value === chosen?.value ? 'true' : 'false',
            onmousedown: (/** @type {Event} */ event) => {
              event.preventDefault();
              take(at);
            },
          },
          h('span', {}, plainWords(option.text)),
          option.description && h('span', { class: 'option-description' }, plainWords(option.description)),
        ),
      ),
    );
    status.textContent = said;
    list.hidden = options.length === 0;
    input.setAttribute('aria-expanded', String(options.length > 0));
    point();
  }

  function point() {
    for (const [at, item] of [...list.children].entries()) item.classList.toggle('active', at === active);
    const item = list.children[active];
    if (item === undefined) input.removeAttribute('aria-activedescendant');
    else {
      input.setAttribute('aria-activedescendant', item.id);
      item.scrollIntoView({ block: 'nearest' });
    }
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    status.textContent = '';
    input.setAttribute('aria-expanded', 'false');
    input.value = shown;
  }

  /** @param {number} at */
  function take(at) {
    const option = options[at];
    close();
    input.value = plainWords(option.text);
    choose(option);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      if (list.hidden) return ask('');
      active = (active + step + options.length) % options.length;
      return point();
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (!list.hidden && active >= 0) take(active);
    } else if (event.key === 'Escape' && (!list.hidden || status.textContent !== '')) {
      // The first Escape closes the menu, the next one the form.
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  }

  return h('div', { class: 'select-menu' }, input, list, status);
}
