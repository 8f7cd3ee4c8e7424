import type { Log } from '../orders/ports/log.js';
import { type Calls, saysThereIsNone } from './calls.js';
import { decodeFaults } from './decode/decode-faults.js';
import type { NumberDocument } from './decode/decode-number-details.js';
import { refusal, unreadable } from './errors.js';
import type { XmlDocument } from './xml.js';

const DETAILS = 'the details of this number';
/** "Telephone number … is not valid": GET tns/{tn}/tndetails. */
const INVALID_NUMBER = '12512';

/** Reads a document about one number; `none` if Bandwidth has no record of it. Throws CarrierError. */
export async function readNumberDocument(
  { calls, log }: { readonly calls: Pick<Calls, 'ask' | 'expect' | 'faultsIn'>; readonly log: Log },
  path: string,
  decode: (document: XmlDocument) => NumberDocument | undefined,
): Promise<NumberDocument | 'none'> {
  const answer = await calls.ask(path, DETAILS);
  if (saysThereIsNone(answer)) return 'none';
  if (answer.status === 400 && (await calls.faultsIn(answer)).some(({ code }) => code === INVALID_NUMBER)) {
    return 'none';
  }
  const document = await calls.expect(answer, DETAILS, 'telephonenumberresponse');
  const decoded = decode(document);
  if (decoded !== undefined) return decoded;
  const faults = decodeFaults(document, log);
  throw faults.length > 0 ? refusal(DETAILS, faults) : unreadable(DETAILS, 'another number than asked for');
}
