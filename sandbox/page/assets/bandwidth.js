import { holds, inventory, numbers, orders, requests } from './carrier-records.js';
import { h, keepingFocus } from './dom.js';
import { drawSwitches } from './fault-switches.js';

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
