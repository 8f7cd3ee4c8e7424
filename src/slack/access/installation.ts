import type { WebClient } from '@slack/web-api';
import type { Timestamp } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { Log } from '../../orders/ports/log.js';

/** Where the app is installed, according to `auth.test`. */
export interface Installation {
  /** The workspace; absent when the app is installed in a whole organization. */
  readonly teamId?: string;
  /** The Enterprise Grid organization, if the workspace belongs to one. */
  readonly enterpriseId?: string;
  /** The id under which the journal keeps this installation's orders and people. */
  readonly id: string;
  /** The bot token's scopes, if Slack names them. */
  readonly scopes?: ReadonlySet<string>;
}

export interface ReadInstallation {
  /** Asks Slack. */
  read(): Promise<Installation>;
  /** Returns the last answer, at most a day old unless Slack can't be reached. The first call waits for it. */
  get(): Promise<Installation>;
}

/** A workspace may move into an organization. */
const READ_EVERY_MS = 24 * 60 * 60_000;
/** After a failure, don't ask again on every press. */
const RETRY_AFTER_MS = 60_000;

export function makeInstallation(deps: {
  readonly client: Pick<WebClient, 'auth'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn' | 'error'>;
}): ReadInstallation {
  const { client, clock, log } = deps;
  let known: Installation | undefined;
  let readAgainAt: Timestamp = 0;
  let underWay: Promise<Installation> | undefined;

  async function ask(): Promise<Installation> {
    const next = installationOf(await client.auth.test());
    if (known !== undefined && known.id !== next.id) {
      log.error({ was: known.id, is: next.id }, 'bot token belongs to a different workspace than before');
    }
    known = next;
    readAgainAt = clock.now() + READ_EVERY_MS;
    return next;
  }

  function read(): Promise<Installation> {
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  return {
    read,
    async get() {
      if (known === undefined) return read();
      const now = clock.now();
      if (now >= readAgainAt || now < readAgainAt - READ_EVERY_MS) {
        readAgainAt = now + RETRY_AFTER_MS;
        read().catch((err: unknown) =>
          log.warn({ err }, 'auth.test failed, using the last known installation'),
        );
      }
      return known;
    },
  };
}

/** An organization-wide token may name the organization as its team. */
export function installationOf(answer: {
  readonly team_id?: string;
  readonly enterprise_id?: string;
  readonly is_enterprise_install?: boolean;
  readonly response_metadata?: { readonly scopes?: readonly string[] };
}): Installation {
  const { team_id: team, enterprise_id: enterprise, is_enterprise_install: wide } = answer;
  const teamId = wide === true || team === undefined || team.startsWith('E') ? undefined : team;
  const enterpriseId = enterprise ?? (team?.startsWith('E') === true ? team : undefined);
  const scopes = answer.response_metadata?.scopes;
  return {
    ...(teamId === undefined ? {} : { teamId }),
    ...(enterpriseId === undefined ? {} : { enterpriseId }),
    id: teamId ?? enterpriseId ?? '',
    ...(scopes === undefined ? {} : { scopes: new Set(scopes) }),
  };
}
