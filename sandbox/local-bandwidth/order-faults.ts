import {
  type Criteria,
  combinationProblem,
  formatProblem,
  givenCriteria,
  isTollFree,
  validationError,
} from './criteria.js';
import { child, childText, type XmlElement } from './read-xml.js';
import { MAX_NUMBERS } from './search.js';
import type { LocalSite } from './sites.js';
import { asksProtected, readWanted, requiredIn } from './wanted-numbers.js';
import type { CarrierFault } from './write-xml.js';

// What Bandwidth says is wrong with the body of POST /orders.

/** What is wrong with an order, whatever it is for. */
export function commonFaults(order: XmlElement, sites: readonly LocalSite[]): CarrierFault[] {
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

/** What is wrong with what an order is for. */
export function typeFaults(order: XmlElement, typeElement: XmlElement | undefined): CarrierFault[] {
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
  if (numbers.length > MAX_NUMBERS) {
    return [
      {
        code: '5095',
        description: `The count of telephone numbers in order exceeds the maximum size of ${MAX_NUMBERS}`,
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
  const missing = requiredIn(typeElement.name).find((name) => (childText(typeElement, name) ?? '') === '');
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
      description: `The quantity specified in the order is not valid or exceeds the maximum value of ${MAX_NUMBERS}`,
    });
  } else if (quantity !== undefined && Number(quantity) > MAX_NUMBERS) {
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
