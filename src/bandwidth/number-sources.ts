import type { PhoneNumber } from '../orders/domain/phone-number.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import type { WriteNumber } from './api-version.js';
import { type Calls, saysThereIsNone } from './calls.js';
import { decodeFaults } from './decode/decode-faults.js';
import {
  decodeLastOrder,
  decodeNumberDetails,
  decodeNumberList,
  type LastOrder,
  namesUnknownNumbers,
} from './decode/decode-numbers.js';
import { encodeNumberList } from './encode.js';
import { type RequestName, refusal, statusError, unreadable } from './errors.js';
import type { NumberSources } from './look-up.js';

const NUMBERS: RequestName = 'the details of these numbers';
/** "Telephone number … is not valid": GET tns/{tn}/tndetails. */
const INVALID_NUMBER = '12512';

/** The documents in which Bandwidth says something about numbers. */
export function makeNumberSources(deps: {
  /** The path of the account. */
  account: string;
  /** The path of a number. */
  numberPath: (number: PhoneNumber) => string;
  calls: Calls;
  clock: Pick<Clock, 'now'>;
  log: Log;
  writeNumber: WriteNumber;
}): NumberSources {
  const { account, numberPath, calls, clock, log, writeNumber } = deps;
  const { ask, expect, faultsIn } = calls;

  /** Undefined too when Bandwidth has no record of the number. */
  const lastOrder = async (number: PhoneNumber): Promise<LastOrder | undefined> => {
    const answer = await ask(numberPath(number), NUMBERS);
    if (saysThereIsNone(answer)) return undefined;
    const order = decodeLastOrder(await expect(answer, NUMBERS, 'telephonenumberresponse'), number);
    if (order === 'unreadable') throw unreadable(NUMBERS, 'no number, or an order of no known kind');
    return order;
  };

  return {
    lastOrder,

    async details(number) {
      const answer = await ask(`${numberPath(number)}/tndetails`, NUMBERS);
      if (saysThereIsNone(answer)) return undefined;
      if (answer.status === 400 && (await faultsIn(answer)).some(({ code }) => code === INVALID_NUMBER)) {
        return undefined;
      }
      const document = await expect(answer, NUMBERS, 'telephonenumberresponse');
      const record = decodeNumberDetails(document);
      if (record?.facts.number === number) return record;
      const faults = decodeFaults(document, log);
      throw faults.length > 0
        ? refusal(NUMBERS, faults)
        : unreadable(NUMBERS, 'another number than asked for');
    },

    async list(asked) {
      const answer = await ask('/tns', NUMBERS, {
        method: 'POST',
        body: encodeNumberList(asked, writeNumber),
      });
      const faults = await faultsIn(answer);
      // The list may come with a 400 when some of the numbers are unknown.
      const ordinary = faults.length > 0 && faults.every(namesUnknownNumbers);
      const read = ordinary && answer.status === 400 ? { ...answer, status: 200 } : answer;
      const document = await expect(read, NUMBERS, 'telephonenumbersresponse');
      if (faults.length > 0 && !ordinary) throw refusal(NUMBERS, faults);
      return {
        records: decodeNumberList(document),
        unknown: faults.flatMap((fault) => fault.numbers),
      };
    },

    async isInService(number) {
      const path = `${account}/inserviceNumbers/${encodeURIComponent(writeNumber(number))}`;
      const answer = await ask(path, NUMBERS);
      if (saysThereIsNone(answer)) return false;
      // "Yes" has an empty body. A web page from a proxy says nothing about the number.
      const isEmpty = answer.body.trim() === '' && answer.unreadable === undefined;
      if (answer.status === 200 && isEmpty) return true;
      if (answer.status === 200) throw unreadable(NUMBERS, 'a body where none is expected');
      throw statusError(answer, NUMBERS, await faultsIn(answer), clock.now());
    },
  };
}
