import type { CarrierFault } from '../../orders/domain/carrier-report.js';
import type { Log } from '../../orders/ports/log.js';
import { element, many, one, phoneNumberTexts, readNumbers, text } from '../schema.js';
import type { XmlDocument } from '../xml.js';

const warningSchema = element({
  warnings: one({
    warning: many({
      code: text,
      description: text,
      telephonenumber: phoneNumberTexts,
      telephonenumbers: phoneNumberTexts,
    }),
  }),
});

/**
 * Returns the warnings of an order that changes numbers, in Bandwidth's words. They don't say that a number failed: a
 * number that was skipped is missing from the list of those that were done.
 */
export function decodeWarnings(document: XmlDocument, log: Log): readonly CarrierFault[] {
  return warningSchema
    .parse(document.content)
    .warnings.warning.filter(({ code, description }) => code !== undefined || description !== undefined)
    .map(({ code = '', description = '', telephonenumber, telephonenumbers }) => ({
      code,
      description,
      numbers: readNumbers([...telephonenumber, ...telephonenumbers], log),
    }));
}
