import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import type { NumberProblem } from '../../../orders/use-cases/check-numbers.js';
import { cut } from '../../text/escape.js';
import { listNumbers } from '../format.js';

const MAX_NAMED = 50;

/**
 * Explains why numbers can't be disconnected or changed, in plain sentences of at most `most` characters together: the first few
 * numbers of each kind, as many as fit, and a count of the rest. Not escaped.
 */
export function numberProblemsSentence(problems: readonly NumberProblem[], most: number): string {
  const groups = grouped(problems);
  const naming = (few: number) =>
    groups.map(([why, numbers]) => `${why}: ${listNumbers(numbers, few)}.`).join(' ');
  const all = Math.max(...groups.map(([, numbers]) => numbers.length));
  for (let few = Math.min(all, MAX_NAMED); few > 1; few -= 1) {
    const sentence = naming(few);
    if (sentence.length <= most) return sentence;
  }
  return cut(naming(1), most);
}

function grouped(
  problems: readonly NumberProblem[],
): (readonly [why: string, numbers: readonly PhoneNumber[]])[] {
  const groups = new Map<string, PhoneNumber[]>();
  for (const problem of problems) {
    const why = whyNot(problem);
    const group = groups.get(why);
    if (group === undefined) groups.set(why, [problem.number]);
    else group.push(problem.number);
  }
  return [...groups];
}

function whyNot(problem: NumberProblem): string {
  switch (problem.why) {
    case 'not-ours':
      return 'Not on your Bandwidth account';
    case 'not-in-service':
      if (problem.status === undefined) return 'Not in service';
      return `Not in service (Bandwidth says ${cut(problem.status.replace(/\s+/g, ' '), 30)})`;
    case 'in-another-order':
      return 'Already in another open order';
    case 'already-there':
      return 'Already at this location';
    case 'no-messaging-there':
      return 'Messaging would stop: this location has none';
    case 'no-messaging-here':
      return 'At a location without messaging';
    case 'already-so':
      return 'Already set this way';
    case 'takes-no-campaign':
      return "Toll-free, so it can't have a 10DLC campaign";
  }
}
