import type { Bar } from '../../orders/domain/standing.js';

/** Returns what a person is told when they can't order anything, or can't order in this channel. */
export const barSentence = (bar: Bar): string => sentences[bar];

const sentences: Readonly<Record<Bar, string>> = {
  outsider:
    'I can only be used by people of the workspace I belong to, and your account belongs to another one. Nothing was ordered or changed.',
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
    "This channel is shared with another company, so I don't post orders here. Nothing was ordered. Use another channel.",
  'channel-unknown':
    "I couldn't check if this channel is shared with another company, so I don't post orders here. Nothing was ordered. In a private channel, add me with `/invite @Numbers` and try again; if it repeats, an admin can reinstall me to add the permissions I'm missing (`channels:read`, `groups:read`).",
  'workspace-unknown':
    "The policy has rules for single workspaces, and I couldn't find out which workspace this is. Nothing was ordered or changed. Use a channel that I'm in, or try again in a minute.",
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
  'workspace-unknown':
    "the policy has rules for single workspaces, and I couldn't find out which one the channel belongs to",
};
