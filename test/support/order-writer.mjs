/**
 * Writes orders until it is killed, and prints a line for each write only after the store has acknowledged it:
 * `<order id> <version>`. Arguments: the folder of the compiled source, the URL of the store.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [source, url] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(source, file)).href);
const { openStore } = await load('src/store/open-store.js');
const { newOrder, redrawRequested } = await load('src/orders/domain/transitions.js');

const silent = () => {};
const { orders } = await openStore(url, { debug: silent, info: silent, warn: silent, error: silent });

for (let i = 0; ; i++) {
  const order = newOrder({
    id: `${process.pid}-${i}`,
    request: {
      kind: 'purchase',
      name: 'Raleigh office',
      wanted: { by: 'numbers', numbers: ['+19102414365'] },
      site: { id: '461', name: 'Main' },
      reason: 'x'.repeat(i % 5_000),
      partialAllowed: false,
      backOrder: false,
      protected: false,
    },
    requester: { teamId: 'T1', userId: 'U1' },
    channelId: 'C1',
    now: Date.now(),
    expiresAt: Date.now() + 86_400_000,
  });
  if (!(await orders.insert(order))) throw new Error(`${order.id} was there already`);
  process.stdout.write(`${order.id} 1\n`);
  if (!(await orders.replace(order, redrawRequested(order)))) throw new Error(`${order.id} was changed`);
  process.stdout.write(`${order.id} 2\n`);
}
