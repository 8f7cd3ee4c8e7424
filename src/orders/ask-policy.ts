import type { CircumstancesOf } from './circumstances.js';
import type { Limits } from './limits.js';
import type { Person } from './order.js';
import type { RuleKind } from './policy.js';
import type { Ruling } from './ruling.js';

/** A request somebody could make. */
export interface Question {
  readonly kind: RuleKind;
  readonly quantity: number;
  readonly requester: Person;
  readonly channelId: string;
}

/** What the policy says to a request, with what is counted so far and with what Slack says of who asks and where. */
export type AskPolicy = (question: Question) => Promise<Ruling>;

export function makeAskPolicy(needs: {
  readonly limits: Pick<Limits, 'ask'>;
  readonly circumstances: CircumstancesOf;
}): AskPolicy {
  return async (question) =>
    needs.limits.ask({ ...question, ...(await needs.circumstances.request(question, 'recent')) });
}
