import type { LimitStanding, Person } from '../../orders/order.js';
import type { Limit } from '../../orders/ruling.js';
import { figure, mention } from './vocabulary.js';

/**
 * Which limit is in the way, how many are left of it, and when it begins anew. Short and without markup enough for an
 * error under a field. About `requester`, or about
 * whoever reads it.
 */
export function overLimitSentence({ limit, most, left, freshAt }: Limit, requester?: Person): string {
  const fresh = freshAt === undefined ? '' : utcDay(freshAt);
  switch (limit) {
    case 'order':
      return `One order may have at most ${figure(most)} numbers. Ask for fewer, or make several orders.`;
    case 'day': {
      const [who, whose] =
        requester === undefined ? ['You have', 'your'] : [`${mention(requester)} has`, 'their'];
      return left === 0
        ? `${who} used up ${whose} ${figure(most)} numbers of today. The next day begins at 00:00 UTC.`
        : `${who} ${figure(left)} of ${whose} ${figure(most)} numbers of today left. Ask for fewer, or wait until 00:00 UTC.`;
    }
    case 'month':
      return left === 0
        ? `All ${figure(most)} numbers of this month are used up. The next begin on ${fresh} (UTC).`
        : `This month has ${figure(left)} of ${figure(most)} numbers left for everybody. Ask for fewer, or wait until ${fresh} (UTC).`;
  }
}

/** "1 December". */
const utcDay = (at: number): string =>
  new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** Where an order brings the limits; empty where there are none. */
export function standingWords({ day, month }: LimitStanding): string {
  return [
    ...(day === undefined ? [] : [`the requester's day to ${figure(day.after)} of ${figure(day.most)}`]),
    ...(month === undefined ? [] : [`this month to ${figure(month.after)} of ${figure(month.most)}`]),
  ].join(', and ');
}
