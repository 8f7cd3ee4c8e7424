import type { Context } from '@slack/bolt';
import type { Person } from '../../orders/domain/request.js';

const PERSON = 'person';

/** Called only by the gate, once it knows that this person may use the app. */
export function letPersonIn(context: Context, person: Person): void {
  context[PERSON] = person;
}

/** Returns the person who typed, pressed or submitted, as the gate admitted them. */
export function personOf(context: Context): Person {
  const person: unknown = context[PERSON];
  if (!isPerson(person)) throw new Error('a listener ran for a person the gate did not admit');
  return person;
}

function isPerson(value: unknown): value is Person {
  return typeof value === 'object' && value !== null && 'userId' in value && 'teamId' in value;
}
