import { randomUUID } from 'node:crypto';
import {
  type Delegation,
  type DelegationRecord,
  delegated,
  delegationEnded,
  delegationIn,
  MAX_DELEGATION_MS,
} from '../domain/delegation.js';
import type { Person, Timestamp } from '../domain/request.js';
import type { Standing } from '../domain/standing.js';
import { makeCatchUp } from '../journal/catch-up.js';
import { allApprovers } from '../policy/admission.js';
import type { Delegates } from '../policy/delegates.js';
import type { Policy } from '../policy/policy.js';
import { asReviewer } from '../policy/reviewers.js';
import { isApprover, mayReadAudit } from '../policy/ruling.js';
import type { Clock } from '../ports/clock.js';
import type { DelegationStore } from '../ports/delegation-store.js';
import type { Journal } from '../ports/journal.js';
import type { Log } from '../ports/log.js';
import type { Accounts, ApproverGroups } from '../ports/people.js';
import { OutcomeUnknown, StoreError } from '../ports/store-errors.js';

/** A person's own delegation in effect, and other people's delegations to them. */
export interface Delegations {
  readonly own?: Delegation;
  readonly fromOthers: readonly Delegation[];
}

export type DelegationRefusal =
  | 'to-themselves'
  | 'not-an-approver'
  | 'in-the-past'
  | 'too-long'
  /** Slack didn't say whether the delegate is a full member. */
  | 'delegate-unknown'
  | 'delegate-not-member'
  /** Nothing is delegated, so nothing can end. */
  | 'not-away';

export type DelegationAnswer = Delegations | { readonly refused: DelegationRefusal };

/** Throws StoreError if nothing was changed, or OutcomeUnknown. */
export interface DelegateApprovals {
  /** Makes someone's approvals count as this person's until then. Ends an earlier delegation. */
  begin(of: Person, to: Person, until: Timestamp): Promise<DelegationAnswer>;
  end(of: Person): Promise<DelegationAnswer>;
  show(of: Person): Promise<Delegations>;
  /** Returns all delegations in effect, for people who may read the audit; none for others. */
  all(by: Person): Promise<readonly Delegation[]>;
  /** Completes the journal if it couldn't be written when someone delegated. Never rejects. */
  journalAll(): Promise<void>;
}

/** Competing writes by one person in several clients; more means that the record or the store is broken. */
const MAX_CONFLICTS = 10;

export function makeDelegateApprovals(deps: {
  readonly delegations: DelegationStore;
  readonly delegates: Delegates;
  readonly journal: Pick<Journal, 'append'>;
  readonly policy: Policy;
  readonly groups: ApproverGroups;
  readonly accounts: Pick<Accounts, 'standingOf'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}): DelegateApprovals {
  const { delegations, journal, policy, clock, log } = deps;
  const catchUp = makeCatchUp(
    async () => {
      for (const { id, of, events } of await delegations.all()) {
        await journal.append({ id, requester: of, events });
      }
    },
    (err) => log.warn({ err }, 'delegations not journaled, will retry'),
  );

  async function change(
    of: Person,
    next: (record: DelegationRecord) => DelegationRecord | undefined,
  ): Promise<DelegationRecord | undefined> {
    for (let losses = 0; losses < MAX_CONFLICTS; losses += 1) {
      const current = await delegations.of(of.userId);
      const record = next(current ?? { id: randomUUID(), of, events: [] });
      if (record === undefined) return undefined;
      const written = await catchUp.changing(() =>
        naming(() =>
          current === undefined ? delegations.insert(record) : delegations.replace(current, record),
        ),
      );
      if (written) return record;
    }
    throw new StoreError(`the delegations of ${of.userId} had changed before each attempt to write them`);
  }

  async function show(of: Person): Promise<Delegations> {
    const all = await deps.delegates.all();
    const own = all.find((each) => each.of.userId === of.userId);
    const fromOthers = all.filter(({ to }) => to.userId === of.userId);
    return { ...(own === undefined ? {} : { own }), fromOthers };
  }

  async function refusalOf(of: Person, to: Person, until: Timestamp): Promise<DelegationRefusal | undefined> {
    const now = clock.now();
    if (of.userId === to.userId) return 'to-themselves';
    if (until <= now) return 'in-the-past';
    if (until > now + MAX_DELEGATION_MS) return 'too-long';
    const approvers = allApprovers(policy);
    const [reviewer, standing] = await Promise.all([
      asReviewer(deps, [{ approvers }], of),
      deps.accounts.standingOf(to, 'fresh'),
    ]);
    if (!isApprover(reviewer, approvers)) return 'not-an-approver';
    return standing === 'member' ? undefined : delegateRefusal(standing);
  }

  /** The delegation is in effect whether or not the journal can be written at this moment. */
  async function conclude(of: Person, record: DelegationRecord): Promise<Delegations> {
    log.info({ of: of.userId, ...record.events.at(-1) }, 'delegation changed');
    await catchUp.run();
    return show(of);
  }

  return {
    async begin(of, to, until) {
      const refused = await refusalOf(of, to, until);
      if (refused !== undefined) return { refused };
      const record = await change(of, (current) => delegated(current, { to, until }, clock.now()));
      return record === undefined ? show(of) : conclude(of, record);
    },
    async end(of) {
      const record = await change(of, (current) =>
        delegationIn(current, clock.now()) === undefined ? undefined : delegationEnded(current, clock.now()),
      );
      return record === undefined ? { refused: 'not-away' } : conclude(of, record);
    },
    show,
    async all(by) {
      const reviewer = await asReviewer(deps, [policy], by);
      return mayReadAudit(reviewer, policy) ? deps.delegates.all() : [];
    },
    journalAll: catchUp.run,
  };
}

function delegateRefusal(standing: Exclude<Standing, 'member'>): DelegationRefusal {
  const isUnknown = standing === 'unknown' || standing === 'unverified' || standing === 'unplaced';
  return isUnknown ? 'delegate-unknown' : 'delegate-not-member';
}

async function naming<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (!(cause instanceof OutcomeUnknown)) throw cause;
    throw new OutcomeUnknown(cause.message, { cause, saving: 'delegation' });
  }
}
