import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { allApprovers } from '../../orders/policy/admission.js';
import type { Policy } from '../../orders/policy/policy.js';
import type { Log } from '../../orders/ports.js';
import type { ReadInstallation } from '../access/installation.js';

/** What stops working without each scope that approvals depend on. */
const effects: Readonly<Record<string, string>> = {
  'users:read':
    "full members can't be told from guests, so APPROVERS=* and AUTO_APPROVE_UP_TO don't apply: a person named by id or in a user group has to approve every order",
  'channels:read':
    "public channels shared with another company can't be told from others, so no orders are posted there while EXTERNAL_CHANNELS=refuse",
  'groups:read':
    "private channels shared with another company can't be told from others, so no orders are posted there while EXTERNAL_CHANNELS=refuse",
  'usergroups:read': "approvers named as a user group (S…) can't be looked up, so they can't approve",
};

/** Logs what is missing or wrong in Slack and breaks what the settings promise. Never rejects. */
export async function checkSetup(deps: {
  readonly client: Pick<WebClient, 'usergroups'>;
  readonly installation: ReadInstallation;
  readonly policy: Policy;
  readonly settingOf: (groupId: string) => string;
  readonly log: Pick<Log, 'warn' | 'error'>;
}): Promise<void> {
  const { client, installation, policy, settingOf, log } = deps;
  const { groups } = allApprovers(policy);
  const isNeeded = (scope: string) => {
    if (scope === 'usergroups:read') return groups.length > 0;
    return scope === 'users:read' || policy.externalChannels === 'refuse';
  };
  const scopes = (await installation.get().catch(() => undefined))?.scopes;
  for (const [scope, effect] of Object.entries(effects)) {
    if (scopes === undefined || scopes.has(scope) || !isNeeded(scope)) continue;
    log.warn(
      { scope },
      `the app lacks the scope ${scope}: ${effect}. Add the scopes of manifest.yml and reinstall the app`,
    );
  }
  if (groups.length === 0 || scopes?.has('usergroups:read') === false) return;
  try {
    const { usergroups = [] } = await client.usergroups.list({ include_disabled: true });
    for (const groupId of groups) {
      const found = usergroups.find(({ id }) => id === groupId);
      if (found !== undefined && (found.date_delete ?? 0) === 0) continue;
      const problem = found === undefined ? 'does not exist in Slack' : 'is disabled in Slack';
      const setting = settingOf(groupId);
      log.error(
        { groupId, setting },
        `${setting} names the user group ${groupId}, which ${problem}: its members can't approve. Correct the setting or the group`,
      );
    }
  } catch (err) {
    const code = err instanceof WebAPIPlatformError ? err.data.error : undefined;
    log.warn({ err, code }, 'usergroups.list failed, approver groups not checked');
  }
}
