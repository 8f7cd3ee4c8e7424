import { post } from './api.js';
import { h } from './dom.js';
import { showNotice } from './notice.js';

const speeds = [
  { label: 'at once', value: '0' },
  { label: 'after 4 seconds', value: '4000' },
  { label: 'after a minute', value: '60000' },
  { label: 'only when I press Finish', value: 'manual' },
];
const endings = { PARTIAL: 'PARTIAL', FAILED: 'FAILED', BACKORDERED: 'BACKORDERED' };

/** What makes things go wrong at Bandwidth. @param {any} carrier @returns {Node[]} */
export function drawSwitches({ switches, planned, faultInjection }) {
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
