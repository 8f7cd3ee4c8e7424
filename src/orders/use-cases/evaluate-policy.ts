import type { Person } from '../domain/request.js';
import type { CircumstancesOf } from '../policy/circumstances.js';
import type { Limits } from '../policy/limits.js';
import type { RuleKind } from '../policy/policy.js';
import { barUnseen, type Ruling } from '../policy/ruling.js';

/** A request that someone could make. */
export interface Question {
  readonly kind: RuleKind;
  readonly quantity: number;
  readonly requester: Person;
  readonly channelId: string;
  /** Absent: rules for sub-accounts don't apply. */
  readonly siteIds?: readonly string[];
}

/**
 * Returns the policy's ruling on a request, given what is counted so far and what Slack says about the person and the
 * channel.
 */
export type EvaluatePolicy = (question: Question) => Promise<Ruling>;

export function makeEvaluatePolicy(deps: {
  readonly limits: Pick<Limits, 'evaluate'>;
  readonly circumstances: CircumstancesOf;
}): EvaluatePolicy {
  return async (question) => {
    const asked = { ...question, ...(await deps.circumstances.request(question, 'recent')) };
    return barUnseen(await deps.limits.evaluate(asked), asked);
  };
}
