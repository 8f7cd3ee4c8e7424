import { commonFaults, typeFaults } from './order-faults.js';
import { child, childText, type XmlElement } from './read-xml.js';
import { MAX_NUMBERS } from './search.js';
import type { LocalSite } from './sites.js';
import { asksProtected, isNamedType, isOrderType, readWanted, type WantedNumbers } from './wanted-numbers.js';
import { again, type CarrierFault, field, tag } from './write-xml.js';

/** An order as Bandwidth understood it, with its defaults filled in. */
export interface OrderRequest {
  readonly name: string | undefined;
  readonly customerOrderId: string | undefined;
  readonly siteId: string;
  /** The peer used: the one named, or the site's default. */
  readonly peerId: string;
  readonly peerNamed: boolean;
  readonly partialAllowed: boolean;
  readonly backOrderRequested: boolean;
  readonly isProtected: boolean;
  /** E.g. `AreaCodeSearchAndOrderType`. */
  readonly type: string;
  readonly wants: WantedNumbers;
}

export function quantityOf({ wants }: OrderRequest): number {
  return 'named' in wants ? wants.named.length : wants.quantity;
}

/** The part of the order that every answer repeats. */
export interface Echo {
  readonly customerOrderId: string | undefined;
  readonly name: string | undefined;
  readonly siteId: string | undefined;
  readonly peerId: string | undefined;
  readonly partialAllowed: string;
  readonly backOrderRequested: string;
  /** The order type's element as XML, with Quantity filled in. */
  readonly typeXml: string;
  readonly attributesXml: string;
}

type ReadOrder = { readonly echo: Echo } & (
  | { readonly request: OrderRequest }
  | { readonly faults: readonly CarrierFault[] }
);

/**
 * Reads the body of POST /orders with Bandwidth's dangerous defaults: 5000 numbers, partial delivery allowed, local
 * calling area included. Returns 'broken' for what Bandwidth answers with a 500: a bare TelephoneNumberList.
 */
export function readOrder(order: XmlElement, sites: readonly LocalSite[]): ReadOrder | 'broken' {
  if (child(order, 'TelephoneNumberList') !== undefined) return 'broken';
  const typeElement = order.children.find(({ name }) => isOrderType(name));
  const echo = readEcho(order, typeElement);
  const faults = [...commonFaults(order, sites), ...typeFaults(order, typeElement)];
  if (faults.length > 0 || typeElement === undefined) return { echo, faults };
  const site = sites.find((each) => each.id === echo.siteId);
  const peerId = echo.peerId ?? site?.peers.find((peer) => peer.isDefault === true)?.id ?? '';
  return {
    echo,
    request: {
      name: echo.name,
      customerOrderId: echo.customerOrderId,
      siteId: echo.siteId ?? '',
      peerId,
      peerNamed: echo.peerId !== undefined,
      partialAllowed: echo.partialAllowed === 'true',
      backOrderRequested: echo.backOrderRequested === 'true',
      isProtected: asksProtected(order),
      type: typeElement.name,
      wants: readWanted(typeElement),
    },
  };
}

function readEcho(order: XmlElement, typeElement: XmlElement | undefined): Echo {
  const attributes = child(order, 'TnAttributes');
  return {
    customerOrderId: childText(order, 'CustomerOrderId') || undefined,
    name: childText(order, 'Name') || undefined,
    siteId: childText(order, 'SiteId') || undefined,
    peerId: childText(order, 'PeerId') || undefined,
    partialAllowed: childText(order, 'PartialAllowed') || 'true',
    backOrderRequested: childText(order, 'BackOrderRequested') || 'false',
    typeXml: typeElement === undefined ? '' : echoType(typeElement),
    attributesXml: attributes === undefined ? '' : again(attributes),
  };
}

function echoType(typeElement: XmlElement): string {
  const counts = isNamedType(typeElement.name) || child(typeElement, 'Quantity') !== undefined;
  return tag(
    typeElement.name,
    ...typeElement.children.map(again),
    counts ? '' : field('Quantity', MAX_NUMBERS),
  );
}
