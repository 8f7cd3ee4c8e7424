import type { Standing } from '../orders/domain/standing.js';
import { allApprovers, approvingBar } from '../orders/policy/admission.js';
import { type Policy, requesterGroups } from '../orders/policy/policy.js';
import type { Installation } from '../slack/access/installation.js';
import type { GroupAnswer, SlackFacts } from '../slack/access/slack-facts.js';
import { type Finding, ok, undetermined, wrong } from './finding.js';

/** Slack allows about a hundred of these requests a minute, and people's clicks need some of them. */
const MAX_PEOPLE = 40;

type Facts = Pick<SlackFacts, 'groups' | 'members' | 'standing'>;

/**
 * Checks that the user groups and people the policy names exist, are active and can approve. The members of groups are
 * looked up only if `everyone`.
 */
export async function checkApprovers(deps: {
  readonly facts: Facts;
  readonly installation: Installation;
  readonly policy: Pick<Policy, 'approvers' | 'requesters' | 'rules'>;
  /** Names the setting that mentions a user group. */
  readonly settingOf: (groupId: string) => string;
  readonly everyone: boolean;
}): Promise<readonly Finding[]> {
  const { facts, policy, everyone } = deps;
  const approving = allApprovers(policy);
  const groupIds = [...new Set([...approving.groups, ...requesterGroups(policy)])];
  const standings = makeStandings(deps);
  const people = await Promise.all(
    approving.users.slice(0, MAX_PEOPLE).map(async (userId) => judgePerson(userId, await standings(userId))),
  );
  const groups = await checkGroups(deps, groupIds, approving.groups);
  const able = groups.usable.filter(({ id }) => approving.groups.includes(id));
  const members = everyone
    ? await Promise.all(able.map((group) => judgeMembers(group, facts, standings)))
    : [];
  const more = approving.users.length - people.length;
  const unchecked =
    more > 0
      ? [
          undetermined(
            'More approvers',
            `${more} more of them weren't looked up, because of Slack's rate limit.`,
          ),
        ]
      : [];
  return [...people, ...unchecked, ...groups.findings, ...members];
}

/** Asks about each person once, and about no more than {@link MAX_PEOPLE}. */
function makeStandings({ facts, installation }: { facts: Facts; installation: Installation }) {
  const asked = new Map<string, Promise<Standing | 'missing' | 'not asked'>>();
  return (userId: string): Promise<Standing | 'missing' | 'not asked'> => {
    const before = asked.get(userId);
    if (before !== undefined) return before;
    if (asked.size >= MAX_PEOPLE) return Promise.resolve('not asked');
    const asking = facts.standing(userId, installation).then((answer) => {
      if ('value' in answer) return answer.value;
      return 'refused' in answer && answer.refused === 'user_not_found' ? 'missing' : 'unknown';
    });
    asked.set(userId, asking);
    return asking;
  };
}

const reasons: Readonly<Partial<Record<Standing | 'missing', string>>> = {
  missing: "doesn't exist in Slack",
  deactivated: 'is deactivated in Slack',
  bot: 'is a bot',
  guest: 'is a guest',
  'single-channel-guest': 'is a guest',
  outsider: 'belongs to another company',
};

function judgePerson(userId: string, standing: Standing | 'missing' | 'not asked'): Finding {
  const check = `Approver ${userId}`;
  if (standing === 'not asked')
    return undetermined(check, "It wasn't looked up, because of Slack's rate limit.");
  if (standing === 'unknown') return undetermined(check, "Slack didn't say who this is.");
  const isBarred = standing === 'missing' || approvingBar(standing) !== undefined;
  if (!isBarred) return ok(check, 'Active, and can approve.');
  return wrong(
    check,
    `The approver ${userId} ${reasons[standing] ?? "can't approve"} and can't approve.`,
    'Correct APPROVERS or POLICY_FILE.',
  );
}

async function checkGroups(
  { facts, settingOf }: Pick<Parameters<typeof checkApprovers>[0], 'facts' | 'settingOf'>,
  groupIds: readonly string[],
  approving: readonly string[],
): Promise<{ readonly findings: readonly Finding[]; readonly usable: readonly GroupAnswer[] }> {
  if (groupIds.length === 0) return { findings: [], usable: [] };
  const answer = await facts.groups();
  if (!('value' in answer)) {
    const why =
      'silent' in answer ? `Slack didn't answer (${answer.silent})` : `Slack didn't say (${answer.refused})`;
    return { findings: groupIds.map((id) => undetermined(`Group ${id}`, `${why}.`)), usable: [] };
  }
  const usable: GroupAnswer[] = [];
  const findings = groupIds.flatMap((groupId): Finding[] => {
    const found = answer.value.find(({ id }) => id === groupId);
    if (found !== undefined && !found.isDisabled) {
      usable.push(found);
      return approving.includes(groupId) ? [] : [ok(`Group ${groupId}`, `@${found.handle} exists.`)];
    }
    const problem = found === undefined ? 'does not exist in Slack' : 'is disabled in Slack';
    const action = approving.includes(groupId) ? 'approve' : 'request';
    return [
      wrong(
        `Group ${groupId}`,
        `${settingOf(groupId)} names the user group ${groupId}, which ${problem}: its members can't ${action}.`,
        'Correct the setting or the group.',
      ),
    ];
  });
  return { findings, usable };
}

async function judgeMembers(
  { id, handle }: GroupAnswer,
  facts: Pick<SlackFacts, 'members'>,
  standings: (userId: string) => Promise<Standing | 'missing' | 'not asked'>,
): Promise<Finding> {
  const check = `Group ${id}`;
  const answer = await facts.members(id);
  if (!('value' in answer)) return undetermined(check, `Slack didn't say who is in @${handle}.`);
  const members = answer.value;
  if (members.length === 0) {
    return wrong(check, `Nobody is in @${handle}, so nobody can approve there.`, 'Add people to the group.');
  }
  const found = await Promise.all(members.map(standings));
  const unsure = found.filter((each) => each === 'unknown' || each === 'not asked').length;
  const able = found.filter(
    (each) =>
      each !== 'missing' && each !== 'not asked' && each !== 'unknown' && approvingBar(each) === undefined,
  ).length;
  if (able > 0) {
    const unchecked = unsure === 0 ? '' : `; ${unsure} weren't checked`;
    return ok(check, `@${handle}: ${able} of ${members.length} can approve${unchecked}.`);
  }
  if (unsure > 0) return undetermined(check, `Slack didn't say who the people in @${handle} are.`);
  return wrong(
    check,
    `None of the ${members.length} people in @${handle} can approve: guests, bots, deactivated people and other companies can't.`,
    'Add full members to the group.',
  );
}
