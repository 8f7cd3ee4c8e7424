import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { LRUCache } from 'lru-cache';
import type { Timestamp } from '../../orders/domain/request.js';
import type { Standing } from '../../orders/domain/standing.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { Log } from '../../orders/ports/log.js';
import type { Accounts, Claim } from '../../orders/ports/people.js';
import type { Installation, ReadInstallation } from './installation.js';
import { makeSlackReads } from './reads.js';

/** The fields of https://docs.slack.dev/reference/objects/user-object that say who someone is. */
export interface UserFacts {
  readonly id?: string;
  /** Absent for some people of an Enterprise Grid. */
  readonly team_id?: string;
  readonly enterprise_user?: {
    readonly enterprise_id?: string;
    readonly teams?: readonly string[];
  };
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_workflow_bot?: boolean;
  readonly is_connector_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
}

/** Slack's own bot isn't marked as a bot. */
const SLACKBOT = 'USLACKBOT';

/** Returns who a person is according to `users.info`. */
export function standingIn(installation: Installation, user: UserFacts): Standing {
  if (user.is_bot || user.is_workflow_bot || user.is_connector_bot || user.id === SLACKBOT) return 'bot';
  if (user.deleted) return 'deactivated';
  const { team_id: team, enterprise_user: grid } = user;
  const { teamId, enterpriseId } = installation;
  const inEnterprise =
    enterpriseId !== undefined && (grid?.enterprise_id === enterpriseId || team === enterpriseId);
  const inWorkspace = teamId !== undefined && (team === teamId || grid?.teams?.includes(teamId) === true);
  if (inWorkspace || inEnterprise) {
    if (user.is_stranger) return 'outsider';
    if (user.is_ultra_restricted) return 'single-channel-guest';
    if (user.is_restricted) return 'guest';
    return inWorkspace || teamId === undefined ? 'member' : 'colleague';
  }
  return team === undefined && grid === undefined ? 'unknown' : 'outsider';
}

/** Returns who a person is according to the payload alone; undefined when that isn't enough. */
export function standingByClaim(
  { enterpriseId, id }: Installation,
  claim: Claim,
): 'outsider' | 'ours' | undefined {
  if (claim.unplaced === true) return undefined;
  if (claim.teamId === undefined) return claim.typedHere === true ? 'ours' : undefined;
  if (claim.teamId === id) return 'ours';
  // In an organization this is one of several workspaces a colleague may belong to.
  if (enterpriseId === undefined) return 'outsider';
  return claim.typedHere === true ? 'ours' : undefined;
}

/** An account seldom changes, and approvals check it again anyway. */
const FRESH_MS = 60 * 60_000;
const MAX_TYPED = 5_000;
/** How long a missing permission is remembered. An admin may be reinstalling the app. */
const NO_PERMISSION_MS = 60_000;

export function makeAccounts(deps: {
  readonly client: Pick<WebClient, 'users'>;
  readonly installation: ReadInstallation;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
}): Accounts {
  const { client, installation, clock, log } = deps;
  /** When to ask Slack again after the app lacked the permission. */
  let mayNotUntil: Timestamp = 0;
  const reads = makeSlackReads(async (userId): Promise<UserFacts | 'not visible'> => {
    try {
      const { user } = await client.users.info({ user: userId });
      mayNotUntil = 0;
      return user ?? {};
    } catch (error) {
      // Slack returns this only for people of other companies.
      if (codeOf(error) === 'user_not_visible') return 'not visible';
      throw error;
    }
  }, clock);

  /**
   * When each person typed a command here. Outsiders can't, but in an organization a colleague's presses name another
   * team.
   */
  const typed = new LRUCache<string, Timestamp>({ max: MAX_TYPED });

  /** The fallback when the app may not ask Slack. */
  function byClaim(where: Installation, claim: Claim): Standing {
    if (where.enterpriseId === undefined || standingByClaim(where, claim) === 'ours') return 'unverified';
    const typedAt = typed.peek(claim.userId);
    const isRecent = typedAt !== undefined && Math.abs(clock.now() - typedAt) < FRESH_MS;
    return isRecent ? 'unverified' : 'unplaced';
  }

  function noteTyping({ userId, typedHere }: Claim): void {
    if (typedHere === true) typed.set(userId, clock.now());
  }

  const mayAsk = () => clock.now() >= mayNotUntil || clock.now() < mayNotUntil - NO_PERMISSION_MS;

  async function byInfo(where: Installation, claim: Claim, age: 'recent' | 'fresh'): Promise<Standing> {
    const { userId } = claim;
    if (!mayAsk()) return byClaim(where, claim);
    try {
      const user = await (age === 'fresh'
        ? reads.fresh(userId)
        : reads.recent(userId, { freshMs: FRESH_MS, usableMs: FRESH_MS }));
      if (user === 'not visible') return 'outsider';
      const standing = standingIn(where, user);
      // Without a team in the answer, the payload's counts.
      if (
        standing !== 'unknown' ||
        standingByClaim(where, claim) !== 'ours' ||
        where.enterpriseId !== undefined
      )
        return standing;
      return standingIn(where, { ...user, team_id: where.id });
    } catch (err) {
      if (codeOf(err) === 'missing_scope') {
        mayNotUntil = clock.now() + NO_PERMISSION_MS;
        return byClaim(where, claim);
      }
      log.warn({ err, userId }, 'users.info failed, account not checked');
      return 'unknown';
    }
  }

  return {
    async standingOf(claim, age) {
      const where = await installation.get().catch((err: unknown) => {
        log.warn({ err }, 'auth.test failed, account not checked');
        return undefined;
      });
      if (where === undefined || where.id === '') return 'unknown';
      if (standingByClaim(where, claim) === 'outsider') return 'outsider';
      noteTyping(claim);
      return byInfo(where, claim, age);
    },
    async canAsk() {
      const where = await installation.get().catch(() => undefined);
      return mayAsk() && where?.scopes?.has('users:read') !== false;
    },
  };
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof WebAPIPlatformError ? error.data.error : undefined;
