import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { InventoryNumber } from '../domain/number-record.js';
import { CarrierError } from '../ports/carrier.js';
import type { InventorySource, InventoryStore, NumberPage, WalkPosition } from '../ports/inventory.js';
import { afterDeletion, afterLocations, afterPage, afterRefusal, afterSites } from './walk-position.js';

/** A chunk of all 5,000 numbers of a page would take too long to read. */
const NUMBERS_A_CHUNK = 1_000;

/**
 * Makes the next call of a walk and returns the position after it. Nothing is lost if the process stops before the
 * position is saved: the call is made again. Throws CarrierError and StoreError.
 */
export async function walkOn(
  position: WalkPosition,
  { source, store }: { readonly source: InventorySource; readonly store: InventoryStore },
): Promise<WalkPosition> {
  const saved = async (page: NumberPage, numbers: readonly InventoryNumber[] = page.numbers) => {
    const chunkIds: string[] = [];
    for (let from = 0; from < numbers.length; from += NUMBERS_A_CHUNK) {
      chunkIds.push(await store.writeChunk(numbers.slice(from, from + NUMBERS_A_CHUNK)));
      await yieldToEventLoop();
    }
    return afterPage(position, page, chunkIds);
  };
  const { stage, page } = position;
  const [site] = position.sites;
  const [place] = position.locations;
  try {
    if (stage === 'numbers') return await saved(await source.listNumbers(page));
    if (stage === 'bare-numbers') return await saved(await source.listBareNumbers(page));
    if (stage === 'sites') {
      const sites = await source.sites();
      return afterSites(position, sites, sites.unread ?? 0);
    }
    if (stage === 'locations' && site !== undefined) {
      const locations = await source.locations(site.id);
      return afterLocations(position, locations, locations.unread ?? 0);
    }
    if (stage === 'location-numbers' && place !== undefined) {
      const { site: itsSite, location } = place;
      const listed = await source.listLocationNumbers(itsSite.id, location.id, page);
      return await saved(
        listed,
        listed.numbers.map(({ number }) => ({ number, site: itsSite, location })),
      );
    }
    return { ...position, stage: 'nothing' };
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    if (error.trouble === 'forbidden') return afterRefusal(position);
    const isPlace = stage === 'locations' || stage === 'location-numbers';
    if (error.trouble === 'missing' && isPlace) return afterDeletion(position);
    throw error;
  }
}
