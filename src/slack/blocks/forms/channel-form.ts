import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { plainText } from '../../text/escape.js';
import { forms } from '../action-ids.js';
import { OUTDATED_FORM } from '../answers/problems.js';

/** What a person starts on the Home tab, where no channel is given. */
const starts = ['search', 'order', 'disconnect'] as const;
export type Start = (typeof starts)[number];

const CHANNEL = 'channel';

const words: Readonly<Record<Start, { readonly title: string; readonly hint: string }>> = {
  search: { title: 'Search numbers', hint: 'The results are posted there, for everyone to see.' },
  order: { title: 'Order numbers', hint: 'The order is posted there, where approvers can see it.' },
  disconnect: {
    title: 'Disconnect numbers',
    hint: 'The request is posted there, where approvers can see it.',
  },
};

/** Asks in which channel to continue. `channelId`, if given, is preselected. */
export function channelForm(start: Start, channelId?: string): ModalView {
  const { title, hint } = words[start];
  return {
    type: 'modal',
    callback_id: forms.channel,
    private_metadata: start,
    title: plainText(title),
    submit: plainText('Next'),
    close: plainText('Close'),
    blocks: [
      {
        type: 'input',
        block_id: CHANNEL,
        label: plainText('Channel'),
        hint: plainText(hint),
        element: {
          type: 'conversations_select',
          action_id: CHANNEL,
          placeholder: plainText('Choose a channel'),
          filter: { include: ['public', 'private'], exclude_bot_users: true },
          ...(channelId === undefined ? {} : { initial_conversation: channelId }),
        },
      },
    ],
  };
}

/** Returns undefined for a form of another version of the app. */
export function readChannelForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): { readonly start: Start; readonly channelId: string } | { readonly errors: Record<string, string> } {
  const start = starts.find((each) => each === view.private_metadata);
  const channelId = view.state.values[CHANNEL]?.[CHANNEL]?.selected_conversation ?? undefined;
  if (start === undefined) return channelError(OUTDATED_FORM);
  return channelId === undefined ? channelError('Choose a channel.') : { start, channelId };
}

/** Returns what keeps the chosen channel from being used, below the field. */
const channelError = (sentence: string) => ({ errors: { [CHANNEL]: sentence } });
