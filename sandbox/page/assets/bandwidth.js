import { post } from './api.js';
import { timeOf } from './dates.js';
import { h, keepingFocus } from './dom.js';
import { showNotice } from './notice.js';

const speeds = [
  { label: 'at once', value: '0' },
  { label: 'after 4 seconds', value: '4000' },
  { label: 'after a minute', value: '60000' },
  { label: 'only when I press Finish', value: 'manual' },
];
const endings = { PARTIAL: 'PARTIAL', FAILED: 'FAILED', BACKORDERED: 'BACKORDERED' };

/** The Bandwidth tab: its records, and switches that make things go wrong. @param {HTMLElement} panel */
export function makeBandwidth(panel) {
  const switches = h('section', { class: 'switches', 'aria-labelledby': 'switches-title' });
  const records = h('div', { class: 'records' });
  panel.append(h('h1', {}, 'Bandwidth'), h('div', { class: 'columns' }, switches, records));
  /** The data each part was rendered from, so that unchanged parts are left alone. @type {Map<string, string>} */
  const drawn = new Map();

  /** @param {any} carrier */
  function draw(carrier) {
    const { switches: speeds, planned, faultInjection } = carrier;
    part('switches', { speeds, planned, faultInjection }, () =>
      switches.replaceChildren(...drawSwitches(carrier)),
    );
    const sections = {
      orders: () => orders('Orders', carrier.orders),
      disconnects: () => orders('Disconnects', carrier.disconnects),
      reservations: () => holds(carrier.reservations),
      inService: () => numbers('Numbers in service', carrier.inService),
      inventory: () => inventory(carrier.inventory),
      requests: () => requests(carrier.requests),
    };
    for (const [name, make] of Object.entries(sections)) {
      part(name, carrier[name], () => {
        const old = records.querySelector(`[data-part=${name}]`);
        const next = h('div', { 'data-part': name }, make());
        if (old === null) records.append(next);
        else old.replaceWith(next);
      });
    }
  }

  /** @param {string} name @param {unknown} data @param {() => void} redraw */
  function part(name, data, redraw) {
    const now = JSON.stringify(data);
    if (drawn.get(name) === now) return;
    drawn.set(name, now);
    keepingFocus(redraw);
  }
  return { draw };
}

/** @param {any} carrier @returns {Node[]} */
function drawSwitches({ switches, planned, faultInjection }) {
  const known = speeds.some(({ value }) => value === String(switches.orderDelayMs));
  const offered = known
    ? speeds
    : [...speeds, { label: `after ${switches.orderDelayMs} ms`, value: String(switches.orderDelayMs) }];
  const speed = h(
    'select',
    {
      'data-key': 'speed',
      onchange: (/** @type {any} */ { target }) =>
        post('bandwidth', 'setSpeed', {
          delayMs: target.value === 'manual' ? 'manual' : Number(target.value),
        }),
    },
    ...offered.map(({ label, value }) =>
      h('option', { value, selected: value === String(switches.orderDelayMs) }, label),
    ),
  );
  return [
    h('h2', { id: 'switches-title' }, 'Simulate problems'),
    h('label', { class: 'row' }, 'Orders end ', speed),
    h(
      'div',
      { class: 'row', role: 'group', 'aria-label': 'The next order ends' },
      h('span', {}, 'The next order ends '),
      ...Object.entries(endings).map(([ends, label]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'button',
            'data-key': `next ${ends}`,
            onclick: () => post('bandwidth', 'planNext', { ends }),
          },
          label,
        ),
      ),
    ),
    planned.length > 0 && h('p', { class: 'hint' }, `Planned: ${planned.join(', then ')}.`),
    numberForm('Another customer buys ', 'Number another customer buys', 'anotherCustomerBuys', 'Buy'),
    numberForm('A number leaves the account ', 'Number to port out', 'portOut', 'Port out'),
    h(
      'div',
      { class: 'row' },
      h(
        'button',
        {
          type: 'button',
          class: 'button',
          'data-key': 'colleagueBuys',
          onclick: async () => {
            const { said } = await post('bandwidth', 'colleagueBuys', {});
            if (said !== undefined) showNotice(said);
          },
        },
        'Somebody buys a number in the Bandwidth dashboard',
      ),
    ),
    toggle('outage', 'Outage: every request gets 503', faultInjection.outage),
    toggle('slow', 'Slow: every answer takes 5 seconds', faultInjection.slow),
    toggle('rateLimit', 'Rate limit: 3 requests a minute of each kind, then 429', faultInjection.rateLimited),
    h(
      'div',
      { class: 'row' },
      h(
        'button',
        {
          type: 'button',
          class: 'button',
          'data-key': 'loseAnswer',
          onclick: () => post('bandwidth', 'loseAnswer', {}),
        },
        'Lose the next answer',
      ),
      h('span', {}, 'Bandwidth accepts the order, but its answer never arrives'),
    ),
    faultInjection.answersToLose > 0 &&
      h('p', { class: 'hint' }, `Answers that will be lost: ${faultInjection.answersToLose}.`),
  ].filter((node) => node !== false);
}

/** @param {string} act @param {string} label @param {boolean} on */
function toggle(act, label, on) {
  const change = (/** @type {any} */ { target }) => post('bandwidth', act, { on: target.checked });
  return h(
    'label',
    { class: 'row' },
    h('input', { type: 'checkbox', role: 'switch', checked: on, 'data-key': act, onchange: change }),
    label,
  );
}

/** @param {string} text @param {string} label @param {string} act @param {string} verb */
function numberForm(text, label, act, verb) {
  const field = /** @type {HTMLInputElement} */ (
    h('input', {
      class: 'field',
      type: 'tel',
      placeholder: '(910) 241-4365',
      'aria-label': label,
      'data-key': act,
    })
  );
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const { said } = await post('bandwidth', act, { number: field.value });
    if (said !== undefined) showNotice(said);
  };
  return h(
    'form',
    { class: 'row', onsubmit: send },
    h('span', {}, text),
    field,
    h('button', { type: 'submit', class: 'button', 'data-key': `${act} button` }, verb),
  );
}

/** @param {string} title @param {any[]} rows */
function orders(title, rows) {
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
function holds(rows) {
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
function numbers(title, all) {
  return section(
    title,
    all.length,
    h('ul', { class: 'numbers' }, ...all.map((number) => h('li', {}, pretty(number)))),
  );
}

/** @param {{ areaCode: string, available: number }[]} rows */
function inventory(rows) {
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
function requests(rows) {
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
