import type { Person } from '../domain/request.js';
import type { CircumstancesOf } from '../policy/circumstances.js';
import type { Limits } from '../policy/limits.js';
import type { RuleKind } from '../policy/policy.js';
import type { Ruling } from '../policy/ruling.js';

/** A request somebody could make. */
export interface Question {
  readonly kind: RuleKind;
  readonly quantity: number;
  readonly requester: Person;
  readonly channelId: string;
}

/** What the policy says to a request, with what is counted so far and with what Slack says of who asks and where. */
export type AskPolicy = (question: Question) => Promise<Ruling>;

export function makeAskPolicy(deps: {
  readonly limits: Pick<Limits, 'ask'>;
  readonly circumstances: CircumstancesOf;
}): AskPolicy {
  return async (question) =>
    deps.limits.ask({ ...question, ...(await deps.circumstances.request(question, 'recent')) });
}
