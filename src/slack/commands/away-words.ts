import type { Timestamp } from '../../orders/domain/request.js';
import { asTyped } from '../text/typed-text.js';

/** When an absence ends; days are in UTC. */
export type AwayUntil =
  /** Through the end of this day. */
  | { readonly day: { readonly year: number; readonly month: number; readonly date: number } }
  /** Through the end of the next day with this name, 0 for Sunday; never today. */
  | { readonly weekday: number }
  /** Through the end of the day this many days after today. */
  | { readonly daysAhead: number }
  | { readonly forMs: number };

export type AwayProblem = {
  readonly why:
    | 'no-such-person'
    | 'no-person'
    | 'several-people'
    | 'no-time'
    | 'no-such-day'
    | 'not-understood';
  readonly typed: string;
};

export type AwayWords =
  | { readonly about: 'show' }
  | { readonly about: 'delegate'; readonly userId: string; readonly until: AwayUntil }
  | { readonly about: 'fault'; readonly fault: AwayProblem };

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const HOUR_MS = 60 * 60_000;
const unitMs: Readonly<Record<string, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
};

/** Words that add nothing to the person and the time. */
const fillers = new Set([
  'to',
  'and',
  'with',
  'i',
  'am',
  "i'm",
  'my',
  'approvals',
  'please',
  'the',
  'end',
  'of',
]);

/**
 * Parses what follows `/numbers away`: a person, as Slack sends one (`<@U…|name>`), and a time such as `until Friday`,
 * `until 2026-12-05`, `for 3 days` or `tomorrow`, in any order. Nothing means the current state.
 */
export function readAwayWords(text: string): AwayWords {
  const mentions = [...text.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g)].map(([typed, id = '']) => ({
    typed,
    id,
  }));
  const rest = asTyped(text.replace(/<@[UW][A-Z0-9]+(?:\|[^>]*)?>/g, ' '))
    .replace(/[,;]/g, ' ')
    .trim()
    .toLowerCase();
  if (mentions.length === 0 && (rest === '' || rest === 'status')) return { about: 'show' };
  const unknown = /(?:^|\s)(@\S+)/.exec(rest)?.[1];
  if (unknown !== undefined) return problem('no-such-person', unknown);
  const [person] = mentions;
  const other = mentions.find(({ id }) => id !== person?.id);
  if (other !== undefined) return problem('several-people', other.typed);
  const until = readUntil(rest);
  if ('why' in until) return problem(until.why, until.typed);
  return person === undefined ? problem('no-person', rest) : { about: 'delegate', userId: person.id, until };
}

function readUntil(rest: string): AwayUntil | AwayProblem {
  const words = rest.split(/\s+/).filter((word) => word !== '' && !fillers.has(word));
  const said = words.filter(
    (word) => !['until', 'till', 'til', 'through', 'for', 'next', 'on', 'by'].includes(word),
  );
  const typed = said.join(' ');
  if (typed === '') return { why: 'no-time', typed: rest };
  if (typed === 'today') return { daysAhead: 0 };
  if (typed === 'tomorrow') return { daysAhead: 1 };
  const weekday = weekdays.findIndex(
    (name) => name === typed || (/^[a-z]{3,5}\.?$/.test(typed) && name.startsWith(typed.replace('.', ''))),
  );
  if (weekday >= 0) return { weekday };
  const [, figure, unit = ''] = /^(\d{1,4}|an?|one|two|three) ?(hour|day|week)s?$/.exec(typed) ?? [];
  if (figure !== undefined) return duration(figure, unit);
  return readDay(typed);
}

const written: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, three: 3 };

function duration(figure: string, unit: string): AwayUntil | AwayProblem {
  const forMs = (written[figure] ?? Number(figure)) * (unitMs[unit] ?? 0);
  return forMs > 0 ? { forMs } : { why: 'no-such-day', typed: `${figure} ${unit}s` };
}

/** Reads `2026-12-05`. `12/5` and `Dec 5` are refused: they don't say the year, and `12/5` could be in May. */
function readDay(typed: string): AwayUntil | AwayProblem {
  const [, y, m, d] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed) ?? [];
  const [, name = '', date, ofYear] = /^([a-z]{3,9})\.? (\d{1,2}) (\d{4})$/.exec(typed) ?? [];
  if (y === undefined && ofYear === undefined) return { why: 'not-understood', typed };
  const day = {
    year: Number(y ?? ofYear),
    month: Number(m ?? months.indexOf(name.slice(0, 3)) + 1),
    date: Number(d ?? date),
  };
  const found = new Date(Date.UTC(day.year, day.month - 1, day.date));
  const exists = found.getUTCMonth() === day.month - 1 && found.getUTCDate() === day.date;
  return exists ? { day } : { why: 'no-such-day', typed };
}

/** Returns the moment at which an absence ends. A day ends at midnight UTC. */
export function endOfAbsence(until: AwayUntil, now: Timestamp): Timestamp {
  const today = new Date(now);
  const endOf = (daysAhead: number) =>
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + daysAhead + 1);
  if ('forMs' in until) return now + until.forMs;
  if ('daysAhead' in until) return endOf(until.daysAhead);
  if ('weekday' in until) return endOf(((until.weekday - today.getUTCDay() + 6) % 7) + 1);
  const { year, month, date } = until.day;
  return Date.UTC(year, month - 1, date + 1);
}

const problem = (why: AwayProblem['why'], typed: string): AwayWords => ({
  about: 'fault',
  fault: { why, typed: asTyped(typed) },
});
