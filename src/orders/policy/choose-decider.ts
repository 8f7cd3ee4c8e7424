import { authorityOf, type Decider, type Voided } from '../domain/approval.js';
import type { Order, OrderIn } from '../domain/order.js';
import type { Person } from '../domain/request.js';
import type { Age } from '../domain/standing.js';
import type { Delegates } from './delegates.js';
import type { ApplicableTerms, Policy } from './policy.js';
import { quorumOf } from './quorum.js';
import type { StageApproval } from './required-approval.js';
import {
  assess,
  assessOwn,
  type CountingApproval,
  type MembershipSources,
  mayCancelInOwnName,
  type Recheck,
  recheck,
  termsOf,
} from './reviewers.js';
import { decidersOf, type ReviewRefusal } from './ruling.js';

type Sources = MembershipSources & { readonly policy: Policy; readonly delegates: Delegates };
type Waiting = OrderIn<'awaiting-approval'>;

/** Returns in whose name this person can decide on the order, or why they can't. Prefers their own. */
export async function chooseDecider(
  deps: Sources,
  order: Order,
  by: Person,
  age: Age = 'recent',
): Promise<Decider | { readonly refused: ReviewRefusal }> {
  const terms = await termsOf(deps, order, age);
  const own = await assessOwn(deps, order, terms, by, age);
  if (own.why === undefined) return { by };
  const [delegated] = await delegatedApprovals(deps, order, terms, by, age);
  return delegated?.decider ?? { refused: own.why };
}

/**
 * Whether this person may cancel the order: its requester, an approver in any of its stages, or the delegate of one who
 * is away.
 */
export async function mayCancelNow(deps: Sources, order: Order, by: Person): Promise<boolean> {
  if (await mayCancelInOwnName(deps, order, by)) return true;
  return (await delegatedApprovals(deps, order, await termsOf(deps, order), by, 'recent')).length > 0;
}

/** The approval to record for a press, or why there is none. */
export type Choice =
  | { readonly refused: ReviewRefusal | 'approved-before' | 'approved-for-you' | 'stage-complete' }
  | Chosen;

interface Chosen {
  readonly refused?: undefined;
  readonly decider: Decider;
  /** All approvals that count with this one, and their stages. */
  readonly given: readonly StageApproval[];
  /** Whose earlier approvals don't count, as far as Slack's answers go. */
  readonly voids: readonly Voided[];
  /** Whether no more approvals are needed. */
  readonly isComplete: boolean;
}

/**
 * Chooses in whose name a person approves: their own if that brings the order closer to what it needs, or else the name
 * of someone who is away. No one's right to approve counts twice.
 *
 * @param age `fresh` for the approval that releases money: then the earlier approvals are checked again, too.
 */
export async function chooseApproval(deps: Sources, order: Waiting, by: Person, age: Age): Promise<Choice> {
  const terms = await termsOf(deps, order, age);
  const [own, earlier] = await Promise.all([
    assessOwn(deps, order, terms, by, age),
    earlierApprovals(deps, order, terms, age),
  ]);
  if (earlier === 'unknown') return { refused: 'account-unknown' };
  const { counting, voids } = earlier;
  const before = quorumIn(terms, counting);

  function approving(one: CountingApproval): Chosen | undefined {
    const right = authorityOf(one.decider).userId;
    const others = counting.filter(
      ({ decider }) => decider.by.userId !== by.userId && authorityOf(decider).userId !== right,
    );
    const all = [...others, one];
    const { stageOf, total, isComplete } = quorumIn(terms, all);
    if (!isComplete && total <= before.total && voids.length === 0) return undefined;
    const given = all.map(({ decider }, index) => ({ decider, stage: stageOf[index] }));
    return { decider: one.decider, given, voids, isComplete };
  }

  const inOwnName = own.why === undefined ? approving({ decider: { by }, able: own.able }) : undefined;
  if (inOwnName !== undefined) return inOwnName;
  const delegated = await delegatedApprovals(deps, order, terms, by, age);
  const [chosen] = delegated.flatMap((each) => approving(each) ?? []);
  if (chosen !== undefined) return chosen;
  if (own.why !== undefined && delegated.length === 0) return { refused: own.why };
  return { refused: approvedAlready(order, by) ?? 'stage-complete' };
}

function approvedAlready(
  order: Waiting,
  { userId }: Person,
): 'approved-before' | 'approved-for-you' | undefined {
  const deciders = decidersOf(order.approvals);
  if (deciders.some(({ by }) => by.userId === userId)) return 'approved-before';
  const isForThem = deciders.some((decider) => authorityOf(decider).userId === userId);
  return isForThem ? 'approved-for-you' : undefined;
}

const quorumIn = ({ stages }: ApplicableTerms, approvals: readonly CountingApproval[]) =>
  quorumOf(
    stages,
    approvals.map(({ able }) => able),
  );

/** Without stages and delegates, everybody who has approved counts until the last approval checks them again. */
async function earlierApprovals(
  deps: Sources,
  order: Waiting,
  terms: ApplicableTerms,
  age: Age,
): Promise<Recheck | 'unknown'> {
  const deciders = decidersOf(order.approvals);
  const isSimple = terms.stages.length === 1 && deciders.every((decider) => decider.for === undefined);
  if (age === 'fresh' || !isSimple) return recheck(deps, order, terms, deciders, age);
  return { counting: deciders.map((decider) => ({ decider, able: [true] })), voids: [] };
}

/** Returns the approvals that this person could give for people who are away. */
async function delegatedApprovals(
  deps: Sources,
  order: Order,
  terms: ApplicableTerms,
  by: Person,
  age: Age,
): Promise<readonly CountingApproval[]> {
  const delegations = await deps.delegates.to(by);
  const assessed = await Promise.all(
    delegations.map(async ({ of }) => {
      const decider = { by, for: of };
      return { decider, is: await assess(deps, order, terms, decider, age) };
    }),
  );
  return assessed.flatMap(({ decider, is }) => (is.why === undefined ? [{ decider, able: is.able }] : []));
}
