import { codeSpan } from '../text/escape.js';
import { capitalized } from './format.js';

// Why Slack refused something, in words for a person in Slack. Which codes are temporary is in `messages/slack-errors.ts`.

/** What is wrong, and what to do about it. */
export interface SlackProblem {
  readonly why: string;
  readonly fix: string;
}

/** Our own codes, for a channel that the policy keeps orders out of. */
export const SHARED_WITH_OTHERS = 'shared_with_another_company';
export const SHARING_UNKNOWN = 'sharing_unknown';

interface Place {
  /** `this channel`, or a mention of it. */
  readonly channel: string;
  /** As people type it after the @. */
  readonly myName: string;
}

interface PlaceProblem {
  /** What is wrong, in one sentence. */
  readonly why: (place: Place) => string;
  /** Who can fix it, and how. */
  readonly fix: (place: Place) => string;
  /** Set when another channel wouldn't help, or the fix already says so. */
  readonly everywhere?: true;
}

const invite = ({ myName }: Place): string => `Add me with ${codeSpan(`/invite @${myName}`)}.`;
const askManager = ({ myName }: Place): string =>
  `A channel manager or workspace admin can let ${codeSpan(`@${myName}`)} post there.`;
const askAdmin = (): string => 'A workspace admin can change that.';

const postingRestricted: PlaceProblem = {
  why: ({ channel }) => `The posting permissions of ${channel} don't let me post.`,
  fix: askManager,
};
const accountGone: PlaceProblem = {
  why: () => 'This account is deactivated or unknown, so Slack delivers no messages to it.',
  fix: () => 'A workspace admin can reactivate it.',
  everywhere: true,
};
const threadLocked: PlaceProblem = {
  why: () => 'This thread is locked.',
  fix: () => 'A channel manager or workspace admin can unlock it.',
};
const accessSuspended: PlaceProblem = {
  why: ({ channel }) => `An administrator has suspended posting in ${channel}.`,
  fix: () => 'Only an administrator of this organization can restore it.',
};

/**
 * Slack's codes for a place that accepts no message from us until a person changes something.
 * https://docs.slack.dev/reference/methods/chat.postMessage#errors and chat.postEphemeral, chat.update,
 * conversations.open and files.completeUploadExternal.
 */
const placeProblems: Readonly<Record<string, PlaceProblem>> = {
  not_in_channel: { why: ({ channel }) => `I'm not in ${channel}.`, fix: invite },
  channel_not_found: {
    why: ({ channel }) =>
      channel.startsWith('<#D')
        ? "I can't see the direct message it was requested in."
        : `I can't see ${channel === HERE ? 'this conversation' : channel}.`,
    fix: (place) =>
      place.channel.startsWith('<#D')
        ? 'Use a channel that I am in.'
        : `If it's a private channel, add me with ${codeSpan(`/invite @${place.myName}`)}. I can't join direct messages between people: use a channel there.`,
    everywhere: true,
  },
  is_archived: {
    why: ({ channel }) => `${capital(channel)} is archived.`,
    fix: () => 'A channel manager can unarchive it.',
  },
  [SHARED_WITH_OTHERS]: {
    why: ({ channel }) => `${capital(channel)} is shared with another company.`,
    fix: () => 'An admin of this app can choose another channel, or allow orders in shared channels.',
  },
  [SHARING_UNKNOWN]: {
    why: ({ channel }) => `I can't tell whether ${channel} is shared with another company.`,
    fix: () => 'An admin can check that the app is in the channel and may read channel information.',
  },
  is_inactive: {
    why: ({ channel }) => `${capital(channel)} is archived, frozen or deleted.`,
    fix: () => 'A workspace admin can restore it.',
  },
  no_permission: postingRestricted,
  restricted_action: postingRestricted,
  posting_to_channel_denied: postingRestricted,
  posting_to_general_channel_denied: postingRestricted,
  restricted_action_read_only_channel: {
    why: ({ channel }) => `${capital(channel)} is read-only for me.`,
    fix: askManager,
  },
  restricted_action_thread_only_channel: {
    why: ({ channel }) => `${capital(channel)} only allows replies in threads.`,
    fix: askManager,
  },
  restricted_action_non_threadable_channel: {
    why: ({ channel }) => `${capital(channel)} doesn't allow threads.`,
    fix: askManager,
  },
  restricted_action_thread_locked: threadLocked,
  thread_locked: threadLocked,
  channel_is_limited_access: {
    why: ({ channel }) => `Only selected people and apps have access to ${channel}.`,
    fix: askAdmin,
  },
  channel_type_not_supported: {
    why: ({ channel }) => `Apps can't post in ${channel}.`,
    fix: () => 'Use an ordinary channel.',
  },
  external_channel_migrating: {
    why: ({ channel }) => `Slack is moving ${channel} between organizations.`,
    fix: () => 'Posting works again when Slack is done, usually within the hour.',
  },
  access_denied: accessSuspended,
  ekm_access_denied: accessSuspended,
  enterprise_is_restricted: accessSuspended,
  team_access_not_granted: {
    why: ({ channel }) => `I'm not installed in the workspace that ${channel} belongs to.`,
    fix: () => 'An organization admin can add the app to that workspace.',
  },
  messages_tab_disabled: {
    why: () => "This app's direct messages are turned off.",
    fix: () =>
      'An admin of the app can turn them on under App Home, Messages Tab. Until then use me in a channel.',
    everywhere: true,
  },
  user_not_in_channel: {
    why: ({ channel }) => `You aren't in ${channel}.`,
    fix: () => 'Join it first.',
  },
  user_is_restricted: {
    why: ({ channel }) => `Slack restricts this account in ${channel}.`,
    fix: askAdmin,
  },
  user_disabled: accountGone,
  user_not_found: accountGone,
  user_not_visible: accountGone,
};

const HERE = 'this channel';

/** The codes of {@link placeAdvice}. */
export const placeCodes: readonly string[] = Object.keys(placeProblems);

/** Says what is wrong with a place and what to do about it; undefined for a code that isn't about a place. */
export function placeAdvice(
  code: string,
  { channel = HERE, myName = 'Numbers' }: Partial<Place> = {},
): (SlackProblem & { readonly everywhere: boolean }) | undefined {
  const problem = Object.hasOwn(placeProblems, code) ? placeProblems[code] : undefined;
  const place = { channel, myName };
  return (
    problem && { why: problem.why(place), fix: problem.fix(place), everywhere: problem.everywhere === true }
  );
}

/** Problems with the installation itself, in any channel. */
const appProblems: Readonly<Record<string, SlackProblem>> = {
  missing_scope: {
    why: "I'm missing a permission in this workspace.",
    fix: 'An admin can reinstall the app to add it.',
  },
  not_allowed_token_type: tokenRefused(),
  invalid_auth: tokenRefused(),
  not_authed: tokenRefused(),
  token_revoked: tokenRefused(),
  token_expired: tokenRefused(),
  account_inactive: tokenRefused(),
  org_login_required: {
    why: 'Slack is moving this workspace into an organization.',
    fix: 'It works again when Slack is done.',
  },
  team_added_to_org: {
    why: 'Slack is moving this workspace into an organization.',
    fix: 'It works again when Slack is done.',
  },
};

function tokenRefused(): SlackProblem {
  return {
    why: 'Slack no longer accepts my token.',
    fix: 'An admin can reinstall the app and set the new token.',
  };
}

/** A refusal that isn't about a place or the installation. */
type OtherRefusal = 'rate-limited' | 'busy' | 'unknown';

const otherProblems: Readonly<
  Record<OtherRefusal, { readonly why: string; readonly fix: (code: string) => string }>
> = {
  'rate-limited': {
    why: 'Slack limits how often I can do this.',
    fix: (code) => `Try again in a minute. ${code}`,
  },
  busy: {
    why: 'Slack is having trouble and refused what I sent.',
    fix: (code) => `Try again in a minute. ${code}`,
  },
  unknown: {
    why: 'Slack refused what I sent.',
    fix: (code) => `Try again. If it happens again, give an admin of this app the code ${code}.`,
  },
};

/**
 * Says why Slack refused something and what to do. The code comes last, in a code span.
 *
 * @param otherwise what it is if the code isn't about a place or the installation.
 */
export function slackProblem(code: string, otherwise: OtherRefusal): SlackProblem {
  const shown = codeSpan(code);
  const place = placeAdvice(code);
  if (place !== undefined) {
    const elsewhere = place.everywhere ? '' : ' Otherwise use another channel.';
    return { why: place.why, fix: `${place.fix}${elsewhere} ${shown}` };
  }
  const app = Object.hasOwn(appProblems, code) ? appProblems[code] : undefined;
  if (app !== undefined) return { why: app.why, fix: `${app.fix} ${shown}` };
  const other = otherProblems[otherwise];
  return { why: other.why, fix: other.fix(shown) };
}

function capital(text: string): string {
  return text.startsWith('<') ? text : capitalized(text);
}
