import { h } from './dom.js';
import { plainWords, textNodes } from './mrkdwn.js';
import { selectMenu } from './select-menu.js';

/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element: the default of `min_query_length`. */
const DEFAULT_MIN_QUERY_LENGTH = 3;
/** Typed text is sent to the server while it is typed, because the app may redraw the form at any time. */
const textTypes = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
};
/** @param {any} element of an input block, if any */
export function isTyped(element) {
  return element !== undefined && Object.hasOwn(textTypes, element.type);
}
const pickers = {
  datepicker: { type: 'date', holds: 'selected_date' },
  timepicker: { type: 'time', holds: 'selected_time' },
};

/**
 * One element of a block.
 * @param {any} block
 * @param {any} element
 * @param {import('./user-actions.js').UserActions} userActions
 * @param {{ labelledBy?: string, describedBy?: string, label?: string, invalid?: boolean, required?: boolean }} [named]
 *   what names it for those who cannot see where it stands
 * @returns {Node}
 */
export function drawElement(block, element, userActions, named = {}) {
  const key = userActions.key(block, element);
  const state = userActions.valueOf(block, element);
  const described = {
    'aria-labelledby': named.labelledBy,
    'aria-label': named.labelledBy === undefined ? (named.label ?? placeholderOf(element)) : undefined,
    'aria-describedby': named.describedBy,
    'aria-invalid': named.invalid ? 'true' : undefined,
  };
  const required = named.required ? 'true' : undefined;

  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return button(block, element, userActions, key);
    case 'checkboxes':
    case 'radio_buttons':
      return choices(block, element, userActions, described);
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'conversations_select':
      return select(block, element, userActions, named);
    case 'multi_static_select':
    case 'multi_external_select':
      return multiSelect(block, element, userActions, named);
    case 'overflow':
      return overflow(block, element, userActions, key);
    case 'image':
      return h('img', { src: element.image_url, alt: element.alt_text, class: 'accessory-image' });
    case 'datepicker':
    case 'timepicker': {
      const { type, holds } = pickers[/** @type {keyof typeof pickers} */ (element.type)];
      const changed = (/** @type {any} */ { target }) =>
        userActions.enter(block, element, { [holds]: target.value || null });
      const value = state[holds] ?? '';
      return h('input', {
        ...described,
        'aria-required': required,
        class: 'field',
        type,
        value,
        'data-key': key,
        onchange: changed,
      });
    }
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input': {
      const multiline = element.multiline === true;
      return h(multiline ? 'textarea' : 'input', {
        ...described,
        'aria-required': required,
        class: 'field',
        type: multiline ? undefined : textTypes[/** @type {keyof typeof textTypes} */ (element.type)],
        inputmode: element.type === 'number_input' ? 'decimal' : undefined,
        rows: multiline ? 3 : undefined,
        maxlength: element.max_length,
        placeholder: placeholderOf(element),
        value: state.value ?? '',
        autofocus: element.focus_on_load === true,
        'data-key': key,
        oninput: (/** @type {any} */ { target }) =>
          userActions.draft(block, element, { value: target.value || null }),
        onkeydown: (/** @type {any} */ event) => {
          if (event.key !== 'Enter' || multiline || block.dispatch_action !== true) return;
          event.preventDefault();
          userActions.enter(block, element, { value: event.target.value || null });
        },
      });
    }
    case 'file_input':
      return fileInput(block, element, userActions, { ...described, 'aria-required': required });
    default:
      return unknown(`an element of type “${element.type}”`);
  }
}

/** Tells a person about an element that can't be shown. @param {string} what */
export function unknown(what) {
  return h('p', { class: 'unknown', role: 'note' }, `⚠ This page can't show ${what}.`);
}

/** @param {any} element */
function placeholderOf(element) {
  return element.placeholder === undefined ? undefined : plainWords(element.placeholder);
}

/** @param {any} block @param {any} element @param {import('./user-actions.js').UserActions} userActions @param {string} key */
function button(block, element, userActions, key) {
  const press = async (/** @type {any} */ { currentTarget }) => {
    // Busy, not disabled: a disabled button would lose the focus.
    if (currentTarget.getAttribute('aria-busy') === 'true') return;
    currentTarget.setAttribute('aria-busy', 'true');
    if (element.url !== undefined) window.open(element.url, '_blank', 'noopener');
    await userActions.press(block, element);
    currentTarget.removeAttribute('aria-busy');
  };
  return h(
    'button',
    {
      type: 'button',
      class: `button ${element.style ?? ''}`.trim(),
      'aria-label': element.accessibility_label,
      'data-key': key,
      onclick: press,
    },
    plainWords(element.text),
  );
}

/**
 * The chosen files are listed beside the chooser, which forgets them when the form is redrawn.
 * @param {any} block @param {any} element @param {import('./user-actions.js').UserActions} userActions @param {object} described
 */
function fileInput(block, element, userActions, described) {
  /** @type {{ name: string }[]} */
  const files = userActions.valueOf(block, element).files ?? [];
  const chooser = h('input', {
    ...described,
    class: 'field',
    type: 'file',
    accept: element.filetypes?.map((/** @type {string} */ each) => `.${each}`).join(','),
    multiple: (element.max_files ?? 10) > 1,
    'data-key': userActions.key(block, element),
    onchange: (/** @type {any} */ { target }) => userActions.attach(block, element, target.files),
  });
  return h('div', {}, chooser, ...files.map(({ name }) => h('p', { class: 'file' }, `📄 ${name}`)));
}

/** @param {any} block @param {any} element @param {import('./user-actions.js').UserActions} userActions @param {object} described */
function choices(block, element, userActions, described) {
  const several = element.type === 'checkboxes';
  const state = userActions.valueOf(block, element);
  const chosen = several ? (state.selected_options ?? []) : [state.selected_option].filter(Boolean);
  const name = userActions.key(block, element);
  const group = h('div', { class: 'choices', role: several ? 'group' : 'radiogroup', ...described });
  const change = () => {
    const inputs = [...group.querySelectorAll('input')];
    const now = element.options.filter(
      (/** @type {any} */ _, /** @type {number} */ at) => inputs[at]?.checked,
    );
    userActions.enter(
      block,
      element,
      several ? { selected_options: now } : { selected_option: now[0] ?? null },
    );
  };
  group.append(
    ...element.options.map((/** @type {any} */ option) =>
      h(
        'label',
        { class: 'choice' },
        h('input', {
          type: several ? 'checkbox' : 'radio',
          name,
          checked: chosen.some((/** @type {any} */ each) => each.value === option.value),
          'data-key': userActions.key(block, element, option.value),
          onchange: change,
        }),
        h(
          'span',
          {},
          ...textNodes(option.text, userActions.names),
          option.description &&
            h('span', { class: 'option-description' }, ...textNodes(option.description, userActions.names)),
        ),
      ),
    ),
  );
  return group;
}

/** @param {any} element @param {import('./user-actions.js').UserActions} userActions */
function offered(element, userActions) {
  if (element.type === 'users_select') {
    return userActions.people.map(({ id, name }) => ({
      value: id,
      text: { type: 'plain_text', text: name },
    }));
  }
  return (
    element.options ?? (element.option_groups ?? []).flatMap((/** @type {any} */ group) => group.options)
  );
}

/**
 * Asks the app if necessary, otherwise filters the given options.
 * @param {any} block @param {any} element @param {import('./user-actions.js').UserActions} userActions
 */
function finder(block, element, userActions) {
  return async (/** @type {string} */ typed) => {
    if (element.type.includes('external') || element.type === 'conversations_select') {
      return userActions.options(block, element, typed);
    }
    const wanted = typed.toLowerCase();
    return offered(element, userActions).filter((/** @type {any} */ option) =>
      plainWords(option.text).toLowerCase().includes(wanted),
    );
  };
}

/** @param {any} block @param {any} element @param {import('./user-actions.js').UserActions} userActions @param {any} named */
function select(block, element, userActions, named) {
  return selectMenu({
    ...named,
    key: userActions.key(block, element),
    placeholder: placeholderOf(element) ?? 'Select an option',
    chosen: chosenIn(element, userActions.valueOf(block, element), userActions),
    choose: (option) => userActions.enter(block, element, entered(element, option)),
    find: finder(block, element, userActions),
    fewest: element.type === 'external_select' ? (element.min_query_length ?? DEFAULT_MIN_QUERY_LENGTH) : 0,
  });
}

/** Returns what a select holds, as an option. @param {any} element @param {any} state @param {import('./user-actions.js').UserActions} userActions */
function chosenIn(element, state, userActions) {
  switch (element.type) {
    case 'users_select':
      return offered(element, userActions).find(
        (/** @type {any} */ option) => option.value === state.selected_user,
      );
    case 'conversations_select': {
      const name = userActions.names.names[state.selected_conversation];
      return name && { value: state.selected_conversation, text: { type: 'plain_text', text: `#${name}` } };
    }
    default:
      return state.selected_option;
  }
}

/** Returns what a select holds once this is chosen. @param {any} element @param {any} option */
function entered(element, option) {
  switch (element.type) {
    case 'users_select':
      return { selected_user: option.value };
    case 'conversations_select':
      return { selected_conversation: option.value };
    default:
      return { selected_option: option };
  }
}

/** @param {any} block @param {any} element @param {import('./user-actions.js').UserActions} userActions @param {any} named */
function multiSelect(block, element, userActions, named) {
  /** @type {any[]} */
  const chosen = userActions.valueOf(block, element).selected_options ?? [];
  const enter = (/** @type {any[]} */ next) => userActions.enter(block, element, { selected_options: next });
  const others = (/** @type {any} */ option) => chosen.filter((each) => each.value !== option.value);
  return h(
    'div',
    { class: 'multi-select' },
    ...chosen.map((option) =>
      h(
        'button',
        {
          type: 'button',
          class: 'chosen',
          'aria-label': `Remove ${plainWords(option.text)}`,
          onclick: () => enter(others(option)),
        },
        `${plainWords(option.text)} ✕`,
      ),
    ),
    selectMenu({
      ...named,
      key: userActions.key(block, element),
      placeholder: placeholderOf(element) ?? 'Select options',
      chosen: undefined,
      choose: (option) => enter([...others(option), option]),
      find: finder(block, element, userActions),
      fewest:
        element.type === 'multi_external_select' ? (element.min_query_length ?? DEFAULT_MIN_QUERY_LENGTH) : 0,
    }),
  );
}

/** @param {any} block @param {any} element @param {import('./user-actions.js').UserActions} userActions @param {string} key */
function overflow(block, element, userActions, key) {
  const choose = (/** @type {any} */ { target }) => {
    const option = element.options[Number(target.value)];
    target.value = '';
    userActions.press(block, element, { selected_option: option });
  };
  return h(
    'select',
    { class: 'button overflow', 'aria-label': 'More actions', 'data-key': key, onchange: choose },
    h('option', { value: '' }, '⋯'),
    ...element.options.map((/** @type {any} */ option, /** @type {number} */ at) =>
      h('option', { value: at }, plainWords(option.text)),
    ),
  );
}
