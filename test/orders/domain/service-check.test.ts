import { describe, expect, test } from '@jest/globals';
import { numbersToActivate, readyServices } from '../../../src/orders/domain/service-check.js';
import type { ServiceState } from '../../../src/orders/domain/service-states.js';
import { servicesChecked } from '../../../src/orders/domain/transitions.js';
import { afterReport, noon, numbers } from '../../support/sample-orders.js';

const [ready, working, off, unknown] = numbers('9102414365', '9103174992', '9102410001', '9102410002');
type State = ServiceState['state'];
const state = (of: State) => ({ state: of });

/** A finished purchase of four numbers, of which Bandwidth says this about voice and messaging. */
function purchase() {
  const all = [ready, working, off, unknown].flatMap((number) => (number === undefined ? [] : [number]));
  const group = (number: (typeof all)[number] | undefined, voice: State, messaging: State) => ({
    numbers: number === undefined ? [] : [number],
    voice: state(voice),
    messaging: state(messaging),
    emergency: state('not-known'),
  });
  return servicesChecked(
    afterReport({ status: 'complete', completed: all }),
    {
      groups: [
        group(ready, 'ready', 'ready'),
        group(working, 'works', 'ready'),
        group(off, 'off', 'ready'),
        group(unknown, 'not-known', 'works'),
      ],
    },
    noon + 60_000,
  );
}

describe('An activation is requested for the numbers of a purchase', () => {
  test('only if they are ready for it', () => {
    expect(numbersToActivate(purchase(), ['voice'])).toEqual([ready]);
  });

  test('with two services, on none where either is off or not known, even if the other is ready', () => {
    expect(numbersToActivate(purchase(), ['voice', 'messaging'])).toEqual([ready, working]);
    expect(numbersToActivate(purchase(), ['messaging'])).toEqual([ready, working, off]);
  });

  test('on none until Bandwidth has said what works', () => {
    const unchecked = afterReport({ status: 'complete', completed: numbers('9102414365') });
    expect(numbersToActivate(unchecked, ['voice'])).toEqual([]);
    expect(readyServices(unchecked)).toEqual([]);
    expect(readyServices(purchase())).toEqual(['voice', 'messaging']);
  });
});
