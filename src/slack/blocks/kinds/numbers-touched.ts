import { NUMBERS_ON_A_CARD } from '../../../orders/domain/order.js';
import type { InServiceRequest } from '../../../orders/domain/request.js';
import { figure } from '../format.js';
import type { Paragraph, Room } from '../order/card-lines.js';
import { numberLine, summaryLines } from '../order/numbers-in-service.js';

/** How many lines about numbers fit into one section, even with long place names. */
const LINES_IN_A_SECTION = 5;

/** Approvers must see what stops working. */
export function numbersTouched({ inService }: InServiceRequest, room: Room): Paragraph[] {
  const { words, history } = room.inService;
  if (inService.length > NUMBERS_ON_A_CARD) {
    const all = {
      label: 'Numbers',
      value: `${figure(inService.length)}, all of them in a file in the thread`,
    };
    return [[all, ...summaryLines(inService, words)]];
  }
  const lines = inService.map((record) => numberLine(record, words, history));
  return [lines.slice(0, LINES_IN_A_SECTION), lines.slice(LINES_IN_A_SECTION)];
}
