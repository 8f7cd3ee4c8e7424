import type { Limit, Ruling } from '../../../orders/policy/ruling.js';
import { barSentence } from '../bar-words.js';
import { count, figure } from '../format.js';
import { overLimitSentence } from '../limit-words.js';

/** Says how many numbers a person can still order, and how many of those without approval. */
export function allowanceWords(ruling: Ruling): string {
  if (ruling.verdict === 'barred') return barSentence(ruling.bar);
  if (ruling.verdict === 'refused') return overLimitSentence(ruling.because);
  const { terms, freeLeft, room } = ruling;
  const free =
    terms.autoApproveUpTo === 0
      ? []
      : [`${figure(freeLeft)} of ${count(terms.autoApproveUpTo, 'number')} a day without approval`];
  const left = [...room.map(leftWords), ...free].join(', ');
  return `You can order ${left}. Days and months are in UTC; some channels may have rules of their own.`;
}

function leftWords({ limit, most, left }: Limit): string {
  switch (limit) {
    case 'order':
      return `up to ${count(most, 'number')} at once`;
    case 'day':
      return `${figure(left)} of your ${figure(most)} today`;
    case 'month':
      return `${figure(left)} of everyone's ${figure(most)} this month`;
  }
}
