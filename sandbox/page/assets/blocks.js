import { h } from './dom.js';
import { drawElement, unknown } from './elements.js';
import { mrkdwn, plainWords, textNodes } from './mrkdwn.js';
import { richText } from './rich-text.js';

let inputs = 0;

/**
 * Renders the blocks of a message or a Home tab.
 * @param {any[]} blocks
 * @param {import('./user-actions.js').UserActions} userActions
 */
export function drawBlocks(blocks, userActions) {
  return blocks.map((block) => drawBlock(block, userActions, undefined));
}

/**
 * Renders one block. `error` is shown in red under a field.
 * @param {any} block
 * @param {import('./user-actions.js').UserActions} userActions
 * @param {string | undefined} error
 * @returns {HTMLElement}
 */
export function drawBlock(block, userActions, error) {
  const text = (/** @type {any} */ object) => textNodes(object, userActions.names);
  switch (block.type) {
    case 'section':
      return h(
        'div',
        { class: 'block section' },
        h(
          'div',
          { class: 'section-text' },
          block.text && h('div', {}, ...text(block.text)),
          block.fields &&
            h(
              'div',
              { class: 'fields' },
              ...block.fields.map((/** @type {any} */ each) => h('div', {}, ...text(each))),
            ),
        ),
        block.accessory &&
          h(
            'div',
            { class: 'accessory' },
            drawElement(block, block.accessory, userActions, { label: plainWords(block.text) }),
          ),
      );
    case 'header':
      return h('h2', { class: 'block header' }, ...text(block.text));
    case 'divider':
      return h('hr', { class: 'block' });
    case 'context':
      return h(
        'div',
        { class: 'block context' },
        ...block.elements.map((/** @type {any} */ each) =>
          each.type === 'image'
            ? h('img', { src: each.image_url, alt: each.alt_text })
            : h('span', {}, ...text(each)),
        ),
      );
    case 'actions':
      return h(
        'div',
        { class: 'block actions' },
        ...block.elements.map((/** @type {any} */ each) =>
          drawElement(block, each, userActions, { label: choicesLabel(each) }),
        ),
      );
    case 'input':
      return input(block, userActions, error);
    case 'image':
      return h(
        'figure',
        { class: 'block' },
        block.title && h('figcaption', {}, plainWords(block.title)),
        h('img', { src: block.image_url, alt: block.alt_text }),
      );
    case 'rich_text':
      return h('div', { class: 'block' }, richText(block, userActions.names));
    case 'markdown':
      return h('div', { class: 'block' }, ...mrkdwn(block.text.replaceAll('**', '*'), userActions.names));
    case 'table':
    case 'data_table':
      return table(block, userActions);
    default:
      return unknown(`a block of type “${block.type}”`);
  }
}

/** Returns an accessible name for a list of choices. @param {any} element */
function choicesLabel(element) {
  return ['checkboxes', 'radio_buttons'].includes(element.type) ? 'Choices' : undefined;
}

/** @param {any} block @param {import('./user-actions.js').UserActions} userActions @param {string | undefined} error */
function input(block, userActions, error) {
  inputs += 1;
  const [labelId, hintId, errorId] = [`label-${inputs}`, `hint-${inputs}`, `error-${inputs}`];
  const describedBy = [block.hint && hintId, error && errorId].filter(Boolean).join(' ') || undefined;
  const named = {
    labelledBy: labelId,
    describedBy,
    invalid: error !== undefined,
    required: block.optional !== true,
  };
  return h(
    'div',
    { class: error === undefined ? 'block input' : 'block input wrong' },
    h(
      'div',
      { class: 'label', id: labelId, onclick: focusField },
      plainWords(block.label),
      block.optional === true && h('span', { class: 'optional' }, ' (optional)'),
    ),
    drawElement(block, block.element, userActions, named),
    error && h('p', { class: 'error', id: errorId }, error),
    block.hint && h('p', { class: 'hint', id: hintId }, plainWords(block.hint)),
  );
}

/** Behaves like a label. @param {any} event */
function focusField({ currentTarget }) {
  currentTarget.parentElement.querySelector('input, textarea')?.focus();
}

/** @param {any} block @param {import('./user-actions.js').UserActions} userActions */
function table(block, userActions) {
  const cell = (/** @type {any} */ each) =>
    each.type === 'rich_text'
      ? richText(each, userActions.names)
      : document.createTextNode(String(each.text ?? each.value));
  const rowHeader = block.type === 'data_table' ? (block.row_header_column_index ?? 0) : -1;
  const row = (/** @type {any[]} */ cells) =>
    h(
      'tr',
      {},
      ...cells.map((each, at) =>
        at === rowHeader ? h('th', { scope: 'row' }, cell(each)) : h('td', {}, cell(each)),
      ),
    );
  const [head, ...body] = block.rows;
  const pages = makePages(body, block.type === 'data_table' ? (block.page_size ?? 5) : body.length, row);
  return h(
    'div',
    { class: 'block table' },
    h(
      'table',
      {},
      block.caption && h('caption', {}, block.caption),
      h(
        'thead',
        {},
        h('tr', {}, ...head.map((/** @type {any} */ each) => h('th', { scope: 'col' }, cell(each)))),
      ),
      pages.rows,
    ),
    pages.switches,
  );
}

/**
 * The rows of a table, so many at a time. Which page shows is forgotten when the message is redrawn.
 * @param {any[][]} all @param {number} size @param {(cells: any[]) => Node} row
 */
function makePages(all, size, row) {
  const rows = h('tbody');
  const switches = h('div', { class: 'pages' });
  /** @param {number} start */
  const show = (start) => {
    rows.replaceChildren(...all.slice(start, start + size).map(row));
    const to = (/** @type {string} */ name, /** @type {number} */ next) =>
      h(
        'button',
        {
          type: 'button',
          class: 'button',
          disabled: next < 0 || next >= all.length,
          onclick: () => show(next),
        },
        name,
      );
    if (all.length <= size) return;
    switches.replaceChildren(
      to('Previous', start - size),
      h('span', {}, `${start + 1}–${Math.min(start + size, all.length)} of ${all.length}`),
      to('Next', start + size),
    );
  };
  show(0);
  return { rows, switches };
}
