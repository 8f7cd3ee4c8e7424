import type { AccountFacts } from '../bandwidth/account-facts.js';
import { approverList, channelId, listed } from '../config/setting-checks.js';
import { readApprovers } from '../config/setting-values.js';
import { checkApprovers } from '../doctor/check-approvers.js';
import { checkSignIn } from '../doctor/check-slack.js';
import { isWrong, withCheck } from '../doctor/finding.js';
import { marks } from '../doctor/print-findings.js';
import { CarrierError } from '../orders/ports/carrier.js';
import type { SlackFacts } from '../slack/access/slack-facts.js';
import type { Terminal } from './terminal.js';

/** Choices among what Slack and Bandwidth have. Each returns the settings that were chosen. */

type Asking = Pick<Terminal, 'say' | 'ask'>;
interface Option {
  readonly id: string;
  readonly name: string;
}

/** More would scroll the question away. */
const MAX_SHOWN = 50;

/** Offers the account's sub-accounts, and the locations of the chosen one, as defaults of the order form. */
export async function choosePlace(
  terminal: Asking,
  facts: Pick<AccountFacts, 'sites' | 'locations'>,
): Promise<Readonly<Record<string, string>>> {
  const sites = await optionsOf(terminal, 'sub-accounts', facts.sites);
  const siteId = await choose(terminal, 'the sub-account that the order form suggests', sites);
  if (siteId === undefined) return {};
  const locations = await optionsOf(terminal, 'locations', () => facts.locations(siteId));
  const peerId = await choose(terminal, 'its location', locations);
  return { BW_SITE_ID: siteId, ...(peerId === undefined ? {} : { BW_PEER_ID: peerId }) };
}

/** Offers the workspace's user groups. */
export async function chooseApprovers(
  terminal: Asking,
  facts: Pick<SlackFacts, 'signIn' | 'groups' | 'members' | 'standing'>,
): Promise<{ readonly APPROVERS: string }> {
  const answer = await facts.groups();
  const groups = 'value' in answer ? answer.value.filter(({ isDisabled }) => !isDisabled) : [];
  const options = groups.slice(0, MAX_SHOWN).map(({ id, handle }) => ({ id, name: `@${handle}` }));
  if (!('value' in answer)) terminal.say("? Slack didn't list the user groups.");
  show(terminal, options);
  for (;;) {
    const typed = await terminal.ask(
      'APPROVERS, who may approve orders: numbers from this list or ids of people (U…) or groups (S…), separated by commas, or * for everyone but the requester:',
    );
    const ids = listed(typed).map((word) => optionNamed(options, word) ?? word);
    const problem = ids.length === 0 ? 'is required.' : approverList(ids.join(','));
    if (problem !== undefined) terminal.say(`✗ APPROVERS ${problem}`);
    else if (await canApprove(terminal, facts, ids)) return { APPROVERS: ids.join(',') };
  }
}

/** Shows whether these people and groups exist and can approve. If Slack doesn't say, that's no reason to ask again. */
async function canApprove(
  terminal: Asking,
  facts: Pick<SlackFacts, 'signIn' | 'groups' | 'members' | 'standing'>,
  ids: readonly string[],
): Promise<boolean> {
  const { installation } = await checkSignIn(facts);
  if (installation === undefined) return true;
  const findings = await checkApprovers({
    facts,
    installation,
    policy: { approvers: readApprovers(ids), rules: [] },
    settingOf: () => 'APPROVERS',
    everyone: true,
  });
  for (const finding of findings) terminal.say(`${marks[finding.answer]} ${withCheck(finding)}`);
  return !findings.some(isWrong);
}

/** Offers the channels that the app is in. */
export async function chooseApprovalsChannel(
  terminal: Asking,
  facts: Pick<SlackFacts, 'ownChannels'>,
): Promise<Readonly<Record<string, string>>> {
  const answer = await facts.ownChannels();
  const options =
    'value' in answer
      ? answer.value.slice(0, MAX_SHOWN).map(({ id, name }) => ({ id, name: `#${name}` }))
      : [];
  if (options.length === 0) {
    terminal.say(
      "The app isn't in any channel yet: type /invite @Numbers in one. You can set APPROVALS_CHANNEL later.",
    );
    return {};
  }
  const chosen = await choose(
    terminal,
    'the channel that gets a second card for every waiting request (APPROVALS_CHANNEL)',
    options,
    channelId,
  );
  return chosen === undefined ? {} : { APPROVALS_CHANNEL: chosen };
}

async function optionsOf(
  terminal: Asking,
  what: string,
  list: () => Promise<readonly { readonly id: string; readonly name?: string }[]>,
): Promise<readonly Option[]> {
  try {
    return (await list()).slice(0, MAX_SHOWN).map(({ id, name }) => ({ id, name: name ?? id }));
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    terminal.say(`? The ${what} couldn't be listed. ${error.advice}`);
    return [];
  }
}

/** Enter chooses none. */
async function choose(
  terminal: Asking,
  what: string,
  options: readonly Option[],
  check: (id: string) => string | undefined = () => 'is not in the list.',
): Promise<string | undefined> {
  if (options.length === 0) return undefined;
  show(terminal, options);
  for (;;) {
    const typed = await terminal.ask(`Choose ${what}, or press Enter for none:`);
    if (typed === '') return undefined;
    const chosen = optionNamed(options, typed);
    const problem = chosen === undefined ? check(typed) : undefined;
    if (problem === undefined) return chosen ?? typed;
    terminal.say(`✗ ${typed} ${problem}`);
  }
}

function show(terminal: Asking, options: readonly Option[]): void {
  for (const [index, { id, name }] of options.entries()) terminal.say(`  ${index + 1}. ${name} (${id})`);
}

/** Returns the id of an option that is named by its place in the list or its id. */
const optionNamed = (options: readonly Option[], typed: string): string | undefined =>
  options.find(({ id }) => id === typed)?.id ?? options[/^\d{1,3}$/.test(typed) ? Number(typed) - 1 : -1]?.id;
