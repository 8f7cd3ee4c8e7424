import type { LimitStanding } from '../../orders/domain/approval.js';
import type { Person } from '../../orders/domain/request.js';
import type { Limit } from '../../orders/policy/ruling.js';
import { count, figure, mention } from './format.js';

/**
 * Says which limit was reached, how many numbers are left and when it resets. Short and without markup, to fit an error
 * under a field. About `requester`, or else about the reader.
 */
export function overLimitSentence({ limit, most, left, freshAt }: Limit, requester?: Person): string {
  const fresh = freshAt === undefined ? '' : utcDay(freshAt);
  switch (limit) {
    case 'order':
      return `One order may have at most ${figure(most)} numbers. Request fewer, or submit several orders.`;
    case 'day': {
      const [who, have] = requester === undefined ? ['You', 'have'] : [mention(requester), 'has'];
      return left === 0
        ? `${who} ${have} reached today's limit of ${count(most, 'number')}. It resets at 00:00 UTC.`
        : `${who} ${have} ${figure(left)} of today's ${count(most, 'number')} left. Request fewer, or wait until 00:00 UTC.`;
    }
    case 'month':
      return left === 0
        ? `This month's limit of ${count(most, 'number')} is reached. It resets on ${fresh} (UTC).`
        : `This month has ${figure(left)} of ${figure(most)} numbers left for everyone. Request fewer, or wait until ${fresh} (UTC).`;
  }
}

/** "December 1". */
const utcDay = (at: number): string =>
  new Date(at).toLocaleDateString('en-US', { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** Says how much of the limits is used after an order; empty when there are none. */
export function limitsAfterOrder({ day, month }: LimitStanding): string {
  return [
    ...(day === undefined ? [] : [`${figure(day.after)} of ${figure(day.most)} for the requester today`]),
    ...(month === undefined
      ? []
      : [`${figure(month.after)} of ${figure(month.most)} for everyone this month`]),
  ].join(' and ');
}
