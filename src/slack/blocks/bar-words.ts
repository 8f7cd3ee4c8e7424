import type { Bar } from '../../orders/domain/standing.js';

/** Returns what a person is told when they can't order anything, or can't order in this channel. */
export const barSentence = (bar: Bar): string => sentences[bar];

const sentences: Readonly<Record<Bar, string>> = {
  outsider:
    "Only people in the workspace I'm installed in can use me, and your account belongs to another one. Nothing was ordered or changed.",
  bot: 'I can only be used by people, and this account belongs to an app. Nothing was ordered or changed.',
  deactivated: 'This account is deactivated. Nothing was ordered or changed.',
  guest:
    "Guests can't use me in this workspace. Nothing was ordered or changed. Ask a full member to make the request.",
  colleague:
    "Your account belongs to another workspace of this organization, so you can't use me here. Nothing was ordered or changed. Ask a member of this workspace to make the request.",
  unplaced:
    "I can't tell whether your account belongs to this workspace, because I'm missing a permission (`users:read`). Nothing was ordered or changed. If it does, type `/numbers help` here and try again. An admin can reinstall the app to add the permission.",
  'account-unknown': "I couldn't check your account. Nothing was ordered or changed. Try again in a minute.",
  'external-channel':
    "This channel is shared with another company, so I won't post orders here. Nothing was ordered. Use another channel.",
  'channel-unknown':
    "I couldn't check if this channel is shared with another company, so I won't post orders here. Nothing was ordered. In a private channel, add me with `/invite @Numbers` and try again; if it repeats, an admin can reinstall me to add the permissions I'm missing (`channels:read`, `groups:read`).",
  'direct-message':
    'No approver would see an order in this direct message. Nothing was ordered or changed. Use `/numbers` in a channel that your approvers are in. An admin can also set an approvals channel (`APPROVALS_CHANNEL`), which makes orders work here.',
  'workspace-unknown':
    "The policy has rules for single workspaces, and I couldn't find out which workspace this is. Nothing was ordered or changed. Use a channel that I'm in, or try again in a minute.",
  'not-a-requester':
    "The policy names who can order and disconnect numbers, and you aren't one of them. Nothing was ordered or changed. Ask someone who is, or an admin to add you to the policy.",
  'sites-mixed':
    'The policy has different rules for the sub-accounts of these numbers. Nothing was ordered or changed. Make one request for each sub-account.',
  'site-unknown':
    "The policy has rules for single sub-accounts, and Bandwidth didn't say which one has all of these numbers. Nothing was changed. Try again in a minute.",
};

/** The same about another person. */
export const theirBarWords: Readonly<Record<Bar, string>> = {
  outsider: 'their account belongs to another company',
  bot: 'their account belongs to an app',
  deactivated: 'their account is deactivated',
  guest: 'they are a guest',
  colleague: 'their account belongs to another workspace of the organization',
  unplaced:
    "I can't tell whether their account belongs to this workspace, because I'm missing a permission (`users:read`)",
  'account-unknown': "I couldn't check their account",
  'external-channel': 'the channel is shared with another company',
  'channel-unknown': "I couldn't check if the channel is shared with another company",
  'direct-message': "no approver would see it: it's in a direct message, and no approvals channel is set",
  'workspace-unknown':
    "the policy has rules for single workspaces, and I couldn't find out which one the channel belongs to",
  'not-a-requester': "the policy names who can order and disconnect numbers, and they aren't one of them",
  'sites-mixed': 'the policy has different rules for the sub-accounts of these numbers',
  'site-unknown':
    "the policy has rules for single sub-accounts, and Bandwidth didn't say which one has all of these numbers",
};
