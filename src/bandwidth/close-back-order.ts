import type { Carrier, CarrierTrouble } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { type Calls, documentIn } from './calls.js';
import { complaintsOf, isComplaintRoot } from './decode/decode-faults.js';
import { encodeClose } from './encode.js';
import { adviceFor, type RequestName, statusError, troubleOf } from './errors.js';
import { MalformedXml } from './xml.js';

const CLOSING: RequestName = 'the end of this back-order';
/** "Only Backordered order can be closed." */
const NOT_BACKORDERED = '5060';

const certain: readonly CarrierTrouble[] = ['refused', 'forbidden', 'missing'];

/** Closes a back-order with PUT orders/{id}: Bandwidth stops looking for numbers, and the delivered ones are kept. */
export function makeCloseRequest(deps: {
  account: string;
  calls: Pick<Calls, 'ask'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): Carrier['closeBackOrder'] {
  const { account, calls, clock, log } = deps;
  return async (carrierOrderId, { id, request }) => {
    const answer = await calls.ask(`${account}/orders/${encodeURIComponent(carrierOrderId)}`, CLOSING, {
      method: 'PUT',
      body: encodeClose(id, request),
    });
    const document = await documentIn(answer);
    const { faults } = await complaintsOf(answer, log);
    if (faults.some(({ code }) => code === NOT_BACKORDERED)) return { outcome: 'not-backordered' };
    const { status } = answer;
    // Errors inside a success belong to the order, such as 5520, "awaiting additional numbers".
    const isSuccess = status >= 200 && status < 300;
    const isNo = !(document instanceof MalformedXml) && isComplaintRoot(document.root) && faults.length > 0;
    if (isSuccess && !isNo) return { outcome: 'closed' };
    const trouble = isSuccess ? 'refused' : troubleOf(status);
    if (certain.includes(trouble)) {
      return {
        outcome: 'refused',
        advice: adviceFor(trouble, CLOSING, isSuccess ? undefined : status),
        faults,
      };
    }
    throw statusError(answer, CLOSING, faults, clock.now());
  };
}
