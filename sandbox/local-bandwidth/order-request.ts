import {
  type Criteria,
  combinationProblem,
  formatProblem,
  givenCriteria,
  isTollFree,
  validationError,
} from './criteria.js';
import { child, children, childText, type XmlElement } from './read-xml.js';
import { MOST_NUMBERS } from './search.js';
import type { LocalSite } from './sites.js';
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

type WantedNumbers =
  | { readonly named: readonly string[]; readonly reservationIds: readonly string[] }
  | { readonly criteria: Criteria; readonly quantity: number; readonly widen: boolean };

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

interface TypeRules {
  /** Child element → criterion. */
  readonly criteria: Readonly<Record<string, Exclude<keyof Criteria, 'endsIn'>>>;
  readonly required: readonly string[];
  readonly lca?: boolean;
}

const named = 'ExistingTelephoneNumberOrderType';
const searchTypes: Readonly<Record<string, TypeRules>> = {
  AreaCodeSearchAndOrderType: { criteria: { AreaCode: 'areaCode' }, required: ['AreaCode'] },
  RateCenterSearchAndOrderType: {
    criteria: { RateCenter: 'rateCenter', State: 'state' },
    required: ['RateCenter', 'State'],
    lca: true,
  },
  NPANXXSearchAndOrderType: {
    criteria: { NpaNxx: 'npaNxx', NpaNxxX: 'npaNxxx' },
    required: [],
    lca: true,
  },
  StateSearchAndOrderType: { criteria: { State: 'state' }, required: ['State'] },
  CitySearchAndOrderType: { criteria: { City: 'city', State: 'state' }, required: ['City', 'State'] },
  ZIPSearchAndOrderType: { criteria: { Zip: 'zip' }, required: ['Zip'] },
  LATASearchAndOrderType: { criteria: { Lata: 'lata' }, required: ['Lata'] },
  TollFreeVanitySearchAndOrderType: {
    criteria: { TollFreeVanity: 'tollFreeVanity' },
    required: ['TollFreeVanity'],
  },
  TollFreeWildCharSearchAndOrderType: {
    criteria: { TollFreeWildCardPattern: 'tollFreeWildCardPattern' },
    required: ['TollFreeWildCardPattern'],
  },
  CombinedSearchAndOrderType: {
    criteria: {
      AreaCode: 'areaCode',
      NpaNxx: 'npaNxx',
      NpaNxxX: 'npaNxxx',
      RateCenter: 'rateCenter',
      State: 'state',
      Lata: 'lata',
      City: 'city',
      Zip: 'zip',
      LocalVanity: 'localVanity',
    },
    required: [],
    lca: true,
  },
};

/**
 * Reads the body of POST /orders with Bandwidth's dangerous defaults: 5000 numbers, partial delivery allowed, local
 * calling area included. Returns 'broken' for what Bandwidth answers with a 500: a bare TelephoneNumberList.
 */
export function readOrder(order: XmlElement, sites: readonly LocalSite[]): ReadOrder | 'broken' {
  if (child(order, 'TelephoneNumberList') !== undefined) return 'broken';
  const typeElement = order.children.find(
    (each) => each.name === named || Object.hasOwn(searchTypes, each.name),
  );
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
  const counts = typeElement.name === named || child(typeElement, 'Quantity') !== undefined;
  return tag(
    typeElement.name,
    ...typeElement.children.map(again),
    counts ? '' : field('Quantity', MOST_NUMBERS),
  );
}

function commonFaults(order: XmlElement, sites: readonly LocalSite[]): CarrierFault[] {
  const faults: CarrierFault[] = [];
  const fault = (code: string, description: string) => faults.push({ code, description });
  const siteId = childText(order, 'SiteId') ?? '';
  const site = sites.find((each) => each.id === siteId);
  const peerId = childText(order, 'PeerId') ?? '';
  if (siteId === '') fault('5022', 'SiteId is a required field.');
  else if (site === undefined) fault('5016', 'The SiteId submitted is invalid.');
  else if (peerId !== '' && !site.peers.some((peer) => peer.id === peerId)) {
    fault('5023', 'SIP peer submitted is invalid.');
  } else if (peerId === '' && !site.peers.some((peer) => peer.isDefault === true)) {
    fault(
      '5020',
      'No default SIP peer is set on the account and site. Please create one then resubmit your request.',
    );
  }
  if ([...(childText(order, 'Name') ?? '')].length > 50)
    fault('1011', 'Name is too long. Max length 50 characters');
  if (!/^[A-Za-z0-9 -]{0,40}$/.test(childText(order, 'CustomerOrderId') ?? '')) {
    fault(
      '5052',
      'Customer order ID is invalid. Only alphanumeric values, dashes and spaces are allowed. Max length is 40 characters.',
    );
  }
  if (!isFlag(childText(order, 'PartialAllowed')))
    fault('5217', 'The PartialAllowed value submitted is invalid.');
  if (!isFlag(childText(order, 'BackOrderRequested'))) {
    fault('1008', `'${childText(order, 'BackOrderRequested')}' is not a valid value`);
  }
  return faults;
}

function isFlag(text: string | undefined): boolean {
  return ['true', 'false', '', undefined].includes(text);
}

function typeFaults(order: XmlElement, typeElement: XmlElement | undefined): CarrierFault[] {
  if (typeElement === undefined) {
    return [validationError('Unable to perform search. Please, provide some search criteria')];
  }
  const backOrder = childText(order, 'BackOrderRequested') === 'true';
  const wants = readWanted(typeElement);
  if ('named' in wants) {
    const faults = namedFaults(typeElement, wants.named, asksProtected(order));
    return backOrder ? [...faults, noBackorders] : faults;
  }
  return searchFaults(typeElement, wants.criteria, backOrder, asksProtected(order));
}

const noBackorders: CarrierFault = {
  code: '5522',
  description:
    'Backorders are not compatible with Specific TN, NPANXX, NPANXXX, TollFree Vanity or Local Vanity orders',
};

function namedFaults(
  typeElement: XmlElement,
  numbers: readonly string[],
  asksProtection: boolean,
): CarrierFault[] {
  if (child(typeElement, 'TelephoneNumberList') === undefined || numbers.length === 0) {
    return [{ code: '5001', description: 'Invalid input telephone number list' }];
  }
  if (numbers.length > MOST_NUMBERS) {
    return [
      {
        code: '5095',
        description: `The count of telephone numbers in order exceeds the maximum size of ${MOST_NUMBERS}`,
      },
    ];
  }
  const faults = numbers.flatMap((telephoneNumber): CarrierFault[] => {
    if (!/^[2-9]\d{2}[2-9]\d{6}$/.test(telephoneNumber)) {
      return [{ code: '5070', description: 'Telephone number is invalid.', telephoneNumber }];
    }
    return asksProtection && isTollFree(telephoneNumber)
      ? [
          {
            code: '5100',
            description: 'Toll free numbers are not candidates for Protected status.',
            telephoneNumber,
          },
        ]
      : [];
  });
  return new Set(numbers).size === numbers.length
    ? faults
    : [...faults, { code: '5093', description: 'Order cannot contain duplicate telephone numbers' }];
}

function searchFaults(
  typeElement: XmlElement,
  criteria: Criteria,
  backOrder: boolean,
  asksProtection: boolean,
): CarrierFault[] {
  const rules = searchTypes[typeElement.name];
  const missing = rules?.required.find((name) => (childText(typeElement, name) ?? '') === '');
  if (missing !== undefined) return [{ code: '1003', description: `${missing} is required` }];
  const given = givenCriteria(criteria);
  if (given.length === 0) {
    return [validationError('Unable to perform search. Please, provide some search criteria')];
  }
  const faults: CarrierFault[] = [];
  const quantity = childText(typeElement, 'Quantity');
  if (quantity !== undefined && !/^[1-9]\d*$/.test(quantity)) {
    faults.push({
      code: '5215',
      description: `The quantity specified in the order is not valid or exceeds the maximum value of ${MOST_NUMBERS}`,
    });
  } else if (quantity !== undefined && Number(quantity) > MOST_NUMBERS) {
    faults.push({
      code: '5211',
      description: 'The quantity of telephone numbers requested has exceeded the max limit for an order.',
    });
  }
  for (const name of ['EnableLCA', 'EnableTNDetail', 'EndsIn']) {
    if (!isFlag(childText(typeElement, name))) {
      faults.push(validationError(`The value specified for the search criteria '${name}' cannot be parsed.`));
    }
  }
  const problem = formatProblem(criteria) ?? combinationProblem(criteria) ?? vanityProblem(criteria);
  if (problem !== undefined) faults.push(validationError(problem));
  const tollFree = criteria.tollFreeVanity !== undefined || criteria.tollFreeWildCardPattern !== undefined;
  if (tollFree && asksProtection) {
    faults.push({
      code: '5101',
      description:
        "'Protected' telephone number attribute is not applicable for toll-free search and order criteria.",
    });
  }
  const narrow = ['npaNxx', 'npaNxxx', 'localVanity', 'tollFreeVanity'] as const;
  if (backOrder && narrow.some((name) => criteria[name] !== undefined)) faults.push(noBackorders);
  return faults;
}

/** An order for a local vanity number has only AreaCode and LocalVanity. */
function vanityProblem(criteria: Criteria): string | undefined {
  if (criteria.localVanity === undefined) return undefined;
  if (criteria.areaCode === undefined) return 'Please also specify areaCode to search by current criteria.';
  return givenCriteria(criteria).length === 2
    ? undefined
    : 'The combination of search criteria is unsupported.';
}

function readWanted(typeElement: XmlElement): WantedNumbers {
  if (typeElement.name === named) {
    return {
      named: children(child(typeElement, 'TelephoneNumberList'), 'TelephoneNumber').map((each) => each.text),
      reservationIds: children(child(typeElement, 'ReservationIdList'), 'ReservationId').map(
        (each) => each.text,
      ),
    };
  }
  const rules = searchTypes[typeElement.name];
  const criteria: Criteria = Object.fromEntries(
    Object.entries(rules?.criteria ?? {}).flatMap(([element, criterion]) => {
      const text = childText(typeElement, element);
      return text === undefined ? [] : [[criterion, text]];
    }),
  );
  const ends = childText(typeElement, 'EndsIn');
  const quantity = childText(typeElement, 'Quantity');
  return {
    criteria: ends === undefined ? criteria : { ...criteria, endsIn: ends === 'true' },
    quantity: quantity === undefined ? MOST_NUMBERS : Number(quantity),
    widen:
      rules?.lca === true &&
      criteria.localVanity === undefined &&
      (criteria.npaNxx ?? criteria.npaNxxx ?? criteria.rateCenter) !== undefined &&
      childText(typeElement, 'EnableLCA') !== 'false',
  };
}

function asksProtected(order: XmlElement): boolean {
  return children(child(order, 'TnAttributes'), 'TnAttribute').some((each) => each.text === 'Protected');
}
