import type { Installation } from '../slack/access/installation.js';
import type { FactAnswer, SignedIn, SlackFacts } from '../slack/access/slack-facts.js';
import { scopeEffects } from '../slack/connection/scopes.js';
import { type Finding, ok, undetermined, wrong } from './finding.js';

const REACHED = 'Slack';
const BOT = 'Bot token';
const APP = 'App-level token';

/** Codes that say something about Slack's state, not about the token. */
const passing: readonly string[] = ['ratelimited', 'fatal_error', 'internal_error', 'service_unavailable'];

/** Checks that Slack accepts the bot token. Without `installation`, nothing else can be asked with it. */
export async function checkSignIn(facts: Pick<SlackFacts, 'signIn'>): Promise<{
  readonly findings: readonly Finding[];
  readonly installation?: Installation;
}> {
  const answer = await facts.signIn();
  if ('silent' in answer) {
    return {
      findings: [
        wrong(
          REACHED,
          `Slack can't be reached (${answer.silent}).`,
          answer.fix ?? 'Check the network, the proxy and SLACK_API_URL.',
        ),
        undetermined(BOT, "Slack wasn't reached."),
      ],
    };
  }
  if ('refused' in answer) {
    const bot = passing.includes(answer.refused)
      ? undetermined(BOT, `Slack didn't check it (${answer.refused}). Try again in a minute.`)
      : wrong(
          BOT,
          `Slack doesn't accept SLACK_BOT_TOKEN (${answer.refused}).`,
          'Copy the Bot User OAuth Token again on the page "OAuth & Permissions" at api.slack.com/apps.',
        );
    return { findings: [ok(REACHED, 'Reached.'), bot] };
  }
  return signedIn(answer.value);
}

function signedIn({ team, bot, isBot, installation }: SignedIn) {
  const token = isBot
    ? ok(BOT, `Signed in to ${team} as ${bot}.`)
    : wrong(
        BOT,
        "SLACK_BOT_TOKEN is a person's token.",
        'Set the Bot User OAuth Token (xoxb-…) on the page "OAuth & Permissions" instead.',
      );
  return { findings: [ok(REACHED, 'Reached.'), token], installation };
}

/** Compares the granted scopes with those of manifest.yml. */
export function checkScopes({ scopes }: Pick<Installation, 'scopes'>): readonly Finding[] {
  if (scopes === undefined) return [undetermined('Scopes', "Slack's answer didn't name them.")];
  const missing = Object.entries(scopeEffects).filter(([scope]) => !scopes.has(scope));
  if (missing.length === 0) return [ok('Scopes', 'All scopes of manifest.yml are granted.')];
  return missing.map(([scope, effect]) =>
    wrong(
      `Scope ${scope}`,
      `Missing, so ${effect}.`,
      'Add the scopes of manifest.yml under "OAuth & Permissions", then press Reinstall under "Install App".',
    ),
  );
}

/** Checks the app-level token without opening a socket. Not for HTTP mode. */
export async function checkAppToken(facts: Pick<SlackFacts, 'acceptsAppToken'>): Promise<Finding> {
  const answer: FactAnswer<true> = await facts.acceptsAppToken();
  if ('value' in answer) return ok(APP, 'Slack accepts it for Socket Mode.');
  if ('silent' in answer) return undetermined(APP, `Slack didn't answer (${answer.silent}).`);
  if (passing.includes(answer.refused)) {
    return undetermined(APP, `Slack didn't check it (${answer.refused}). Try again in a minute.`);
  }
  return wrong(
    APP,
    `Slack doesn't accept SLACK_APP_TOKEN (${answer.refused}).`,
    answer.refused === 'missing_scope'
      ? 'Generate an app-level token with the scope connections:write under "Basic Information".'
      : 'Copy it again from the page "Basic Information" at api.slack.com/apps, and check that Socket Mode is on.',
  );
}

/** Counting the other connections would take opening one, which would then be sent people's commands. */
export const socketConnections: Finding = undetermined(
  'Socket connections',
  'Slack counts them only for an open connection. The running app compares that count with its own and logs "another process shares the slack app".',
);
