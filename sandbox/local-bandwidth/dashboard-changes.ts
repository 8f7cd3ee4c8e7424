import type { Numbers } from './numbers.js';
import type { Orders } from './orders.js';
import type { LocalSite } from './sites.js';
import { field, tag } from './write-xml.js';

/** What a colleague does in the Bandwidth App on the same account, past the API. */
export interface DashboardChanges {
  /** Buys a number, by default any available one. Undefined when it isn't available. */
  buys(by: string, fullNumber?: string): string | undefined;
  /** Moves one of our numbers to another sub-account's default location. Returns false when either doesn't exist. */
  moves(fullNumber: string, siteId: string): boolean;
}

const TYPE = 'ExistingTelephoneNumberOrderType';

export function makeDashboardChanges(deps: {
  readonly accountId: string;
  readonly sites: readonly LocalSite[];
  readonly numbers: Numbers;
  readonly orders: Orders;
  readonly changed: (fullNumber: string) => void;
}): DashboardChanges {
  const { accountId, sites, numbers, orders, changed } = deps;
  const defaultPeer = (site: LocalSite | undefined) =>
    site?.peers.find(({ isDefault }) => isDefault) ?? site?.peers[0];

  return {
    buys(by, wanted) {
      const fullNumber = wanted ?? numbers.available().find(({ tollFree }) => !tollFree)?.fullNumber;
      const [site] = sites;
      if (fullNumber === undefined || numbers.get(fullNumber)?.status !== 'Available') return undefined;
      const named = { customerOrderId: undefined, name: 'Ordered in the Bandwidth App' };
      const order = orders.placeElsewhere(
        {
          request: {
            ...named,
            siteId: site?.id ?? '',
            peerId: defaultPeer(site)?.id ?? '',
            peerNamed: false,
            partialAllowed: true,
            backOrderRequested: false,
            isProtected: false,
            type: TYPE,
            wants: { named: [fullNumber], reservationIds: [] },
          },
          echo: {
            ...named,
            siteId: site?.id,
            peerId: undefined,
            partialAllowed: 'true',
            backOrderRequested: 'false',
            typeXml: tag(TYPE, tag('TelephoneNumberList', field('TelephoneNumber', fullNumber))),
            attributesXml: '',
          },
        },
        by,
      );
      changed(fullNumber);
      return order.numbers[0];
    },
    moves(fullNumber, siteId) {
      const number = numbers.get(fullNumber);
      const site = sites.find(({ id }) => id === siteId);
      const peer = defaultPeer(site);
      if (number?.status !== 'Inservice' || number.account?.accountId !== accountId) return false;
      if (site === undefined || peer === undefined) return false;
      numbers.move(fullNumber, site.id, peer.id);
      changed(fullNumber);
      return true;
    },
  };
}
