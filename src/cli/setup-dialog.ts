import type { AccountFacts } from '../bandwidth/account-facts.js';
import { anything, appToken, bandwidthId, botToken, signingSecret } from '../config/setting-checks.js';
import { checkAccount } from '../doctor/check-bandwidth.js';
import { checkAppToken, checkScopes, checkSignIn } from '../doctor/check-slack.js';
import { type Finding, isWrong, withCheck } from '../doctor/finding.js';
import { marks } from '../doctor/print-findings.js';
import type { SlackFacts } from '../slack/access/slack-facts.js';
import { canBeWritten } from './env-file.js';
import { chooseApprovalsChannel, chooseApprovers, choosePlace } from './setup-choices.js';
import type { Terminal } from './terminal.js';

type Settings = Readonly<Record<string, string>>;

/** What the dialog needs from outside. */
export interface SetupDeps {
  readonly terminal: Pick<Terminal, 'say' | 'ask' | 'askSecretly'>;
  /** The current settings; Enter keeps them. */
  readonly given: Readonly<Record<string, string | undefined>>;
  readonly slackWith: (tokens: { readonly botToken: string; readonly appToken?: string }) => SlackFacts;
  readonly bandwidthWith: (account: {
    readonly accountId: string;
    readonly clientId: string;
    readonly clientSecret: string;
  }) => AccountFacts;
}

/** Asks for the required settings, checks each answer as it is given, and returns the settings. */
export async function runSetup(deps: SetupDeps): Promise<Settings> {
  const { terminal } = deps;
  terminal.say('Slack: create the app from manifest.yml at https://api.slack.com/apps and install it first.');
  const slack = await askSlack(deps);
  terminal.say('');
  terminal.say(
    'Bandwidth: create OAuth 2.0 credentials in the Bandwidth App, with the roles Ordering and Numbers.',
  );
  const bandwidth = await askBandwidth(deps);
  const place = await choosePlace(terminal, bandwidth.facts);
  bandwidth.facts.close();
  terminal.say('');
  const approvers = await chooseApprovers(terminal, slack.facts);
  const channel = await chooseApprovalsChannel(terminal, slack.facts);
  return { ...slack.settings, ...bandwidth.settings, ...place, ...approvers, ...channel };
}

async function askSlack(deps: SetupDeps) {
  const bot = await askUntilRight(deps, 'SLACK_BOT_TOKEN', {
    question: 'SLACK_BOT_TOKEN, the Bot User OAuth Token (xoxb-…) on the page "OAuth & Permissions":',
    check: botToken,
    async tryOut(token) {
      const { findings, installation } = await checkSignIn(deps.slackWith({ botToken: token }));
      return [...findings, ...(installation === undefined ? [] : checkScopes(installation))];
    },
    // Reinstalling the app adds a missing scope; another token doesn't.
    forgives: ({ check }) => check.startsWith('Scope '),
  });
  const app = await askUntilRight(deps, 'SLACK_APP_TOKEN', {
    question:
      'SLACK_APP_TOKEN, the app-level token (xapp-…) on the page "Basic Information"; press Enter for HTTP mode:',
    check: appToken,
    tryOut: async (token) => [await checkAppToken(deps.slackWith({ botToken: bot, appToken: token }))],
    optional: true,
  });
  const facts = deps.slackWith({ botToken: bot });
  if (app !== '') return { facts, settings: { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app } };
  const secret = await askUntilRight(deps, 'SLACK_SIGNING_SECRET', {
    question: 'SLACK_SIGNING_SECRET, on the page "Basic Information":',
    check: signingSecret,
  });
  return { facts, settings: { SLACK_BOT_TOKEN: bot, SLACK_SIGNING_SECRET: secret } };
}

async function askBandwidth(deps: SetupDeps) {
  const { terminal } = deps;
  for (;;) {
    const accountId = await askOpenly(
      deps,
      'BW_ACCOUNT_ID',
      'BW_ACCOUNT_ID, the number of the account:',
      bandwidthId,
    );
    const clientId = await askOpenly(deps, 'BW_CLIENT_ID', 'BW_CLIENT_ID:', anything);
    const clientSecret = await askUntilRight(deps, 'BW_CLIENT_SECRET', {
      question: 'BW_CLIENT_SECRET:',
      check: anything,
    });
    const facts = deps.bandwidthWith({ accountId, clientId, clientSecret });
    const { findings } = await checkAccount({
      facts,
      bandwidth: { accountId, credentials: { kind: 'oauth', clientId, clientSecret, tokenUrl: '' } },
      offered: {},
    });
    if (await isAccepted(terminal, findings)) {
      return {
        facts,
        settings: { BW_ACCOUNT_ID: accountId, BW_CLIENT_ID: clientId, BW_CLIENT_SECRET: clientSecret },
      };
    }
    facts.close();
  }
}

interface Secret {
  readonly question: string;
  /** Returns what is wrong with its form, as text that follows the setting's name. */
  readonly check: (value: string) => string | undefined;
  readonly tryOut?: (value: string) => Promise<readonly Finding[]>;
  /** Which findings don't make the answer wrong. */
  readonly forgives?: (finding: Finding) => boolean;
  /** Whether the answer can be empty. */
  readonly optional?: boolean;
}

async function askUntilRight(deps: SetupDeps, name: string, secret: Secret): Promise<string> {
  const { terminal, given } = deps;
  const before = given[name];
  const keep = before === undefined ? '' : ' Enter keeps the current one.';
  for (;;) {
    const typed = await terminal.askSecretly(secret.question + keep);
    const value = typed === '' ? (before ?? '') : typed;
    if (value === '' && secret.optional === true) return value;
    if (!isWellFormed(deps, name, value, secret.check)) continue;
    const findings = (await secret.tryOut?.(value)) ?? [];
    if (await isAccepted(terminal, findings, secret.forgives)) return value;
  }
}

async function askOpenly(
  deps: SetupDeps,
  name: string,
  question: string,
  check: Secret['check'],
): Promise<string> {
  const before = deps.given[name];
  for (;;) {
    const typed = await deps.terminal.ask(before === undefined ? question : `${question} [${before}]`);
    const value = typed === '' ? (before ?? '') : typed;
    if (isWellFormed(deps, name, value, check)) return value;
  }
}

function isWellFormed(
  { terminal }: Pick<SetupDeps, 'terminal'>,
  name: string,
  value: string,
  check: Secret['check'],
): boolean {
  const problem =
    value === ''
      ? 'is required.'
      : (check(value) ??
        (canBeWritten(value)
          ? undefined
          : "has every kind of quote, which .env can't hold: create another one."));
  if (problem !== undefined) terminal.say(`✗ ${name} ${problem}`);
  return problem === undefined;
}

/** A network that is down says nothing about a token. */
const isUnreachable = (check: string): boolean => check === 'Slack' || check === 'Bandwidth';

/** Shows what was found. If nobody could be asked, the person decides whether to go on. */
async function isAccepted(
  terminal: Pick<Terminal, 'say' | 'ask'>,
  findings: readonly Finding[],
  forgives: (finding: Finding) => boolean = () => false,
): Promise<boolean> {
  for (const finding of findings) terminal.say(`${marks[finding.answer]} ${withCheck(finding)}`);
  const bad = findings.filter((finding) => isWrong(finding) && !forgives(finding));
  const isUnchecked = findings.some(({ answer }) => answer === 'not-known');
  if (bad.length === 0 && !isUnchecked) return true;
  if (bad.some(({ check }) => !isUnreachable(check))) return false;
  return isYes(await terminal.ask("It couldn't be checked. Keep it anyway? (yes/no)"));
}

export const isYes = (answer: string): boolean => /^y(?:es)?$/i.test(answer);
