import { describe, expect, test } from '@jest/globals';
import type { Location, Site } from '../../../src/orders/domain/request.js';
import { partlyRead } from '../../../src/orders/ports/carrier.js';
import { type ListPlaces, offeredPlace } from '../../../src/orders/use-cases/list-places.js';
import { placeNotice } from '../../../src/slack/blocks/forms/order-form-place.js';

const main: Site = { id: '1', name: 'Main office' };

const listing = (unread: { readonly sites?: number; readonly locations?: number }): ListPlaces => ({
  sites: async () => partlyRead([main], unread.sites ?? 0),
  locations: async () => partlyRead<Location>([], unread.locations ?? 0),
});

describe('People are told why no place is suggested', () => {
  test.each([
    ['sub-account', listing({ sites: 1 }), { siteId: '2' }],
    ['location', listing({ locations: 1 }), { siteId: '1', peerId: '9' }],
  ])('if the configured %s may be an entry that can’t be read', async (_, places, configured) => {
    const offered = await offeredPlace(places, configured);
    if (!('problem' in offered)) throw new Error('a place was offered');
    expect(placeNotice(offered)).toBe(
      "I couldn't read the sub-accounts. Some entries of Bandwidth's list can't be read, and the configured one isn't among the others.",
    );
  });

  test('if the configured sub-account is not on the account', async () => {
    const offered = await offeredPlace(listing({}), { siteId: '2' });
    expect(offered).toEqual({ problem: 'no-such-site' });
  });
});
