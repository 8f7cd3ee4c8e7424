import { post } from './api.js';
import { timeOf } from './dates.js';
import { h } from './dom.js';

// Each list of what Bandwidth has on record.

/** @param {string} title @param {any[]} rows */
export function orders(title, rows) {
  return section(
    title,
    rows.length,
    table(
      ['When', 'Name', 'Status', 'Numbers', 'Failed', ''],
      rows.map((order) => [
        timeOf(new Date(order.createdAt)),
        order.name ?? order.id,
        h('span', { class: `status ${order.status.toLowerCase()}` }, order.status),
        numberList(order.numbers, order.quantity ?? order.requested?.length),
        numberList(order.failed),
        h(
          'div',
          { class: 'row-actions' },
          !['COMPLETE', 'PARTIAL', 'FAILED'].includes(order.status) &&
            h(
              'button',
              {
                type: 'button',
                class: 'button',
                'data-key': `finish ${order.id}`,
                'aria-label': `Finish ${order.name ?? order.id}`,
                onclick: () => post('bandwidth', 'finish', { id: order.id }),
              },
              'Finish',
            ),
          h(
            'details',
            {},
            h('summary', { 'data-key': `xml ${order.id}` }, 'Request'),
            h('pre', { tabindex: '0' }, order.requestXml),
          ),
        ),
      ]),
    ),
  );
}

/** @param {any[]} rows */
export function holds(rows) {
  return section(
    'Holds',
    rows.length,
    table(
      ['Number', 'Until'],
      rows.map(({ telephoneNumber, expiresAt }) => [pretty(telephoneNumber), timeOf(new Date(expiresAt))]),
    ),
  );
}

/** @param {string} title @param {string[]} all */
export function numbers(title, all) {
  return section(
    title,
    all.length,
    h('ul', { class: 'numbers' }, ...all.map((number) => h('li', {}, pretty(number)))),
  );
}

/** @param {{ areaCode: string, available: number }[]} rows */
export function inventory(rows) {
  const sum = rows.reduce((total, { available }) => total + available, 0);
  return section(
    'Inventory: available numbers by area code',
    sum,
    h(
      'ul',
      { class: 'numbers' },
      ...rows.map(({ areaCode, available }) => h('li', {}, h('strong', {}, areaCode), ` ${available}`)),
    ),
  );
}

/** @param {any[]} rows */
export function requests(rows) {
  return section(
    'Latest requests from the app',
    rows.length,
    table(
      ['When', 'Request', 'Answer'],
      rows.map(({ at, method, path, query, status }) => [
        timeOf(new Date(at)),
        h(
          'code',
          {},
          `${method} ${path.replace(/^\/api\/accounts\/\d+/, '…')}${query === '' ? '' : `?${query}`}`,
        ),
        status === undefined ? 'lost' : String(status),
      ]),
    ),
  );
}

/** @param {string} title @param {number} count @param {Node} content */
function section(title, count, content) {
  return h(
    'section',
    {},
    h('h2', {}, title, ' ', h('span', { class: 'count' }, String(count))),
    count === 0 ? h('p', { class: 'hint' }, 'None.') : content,
  );
}

/** @param {string[]} heads @param {(Node | string)[][]} rows */
function table(heads, rows) {
  return h(
    'div',
    { class: 'table' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h('tr', {}, ...heads.map((head) => (head === '' ? h('td') : h('th', { scope: 'col' }, head)))),
      ),
      h('tbody', {}, ...rows.map((cells) => h('tr', {}, ...cells.map((cell) => h('td', {}, cell))))),
    ),
  );
}

/** @param {string[]} all @param {number} [of] */
function numberList(all, of) {
  const shown = all.slice(0, 3).map(pretty).join(', ');
  const more = all.length > 3 ? ` and ${all.length - 3} more` : '';
  return `${of === undefined ? '' : `${all.length} of ${of} `}${shown}${more}`.trim();
}

/** @param {string} number */
function pretty(number) {
  return number.replace(/^(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3');
}
