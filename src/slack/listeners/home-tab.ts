import { randomUUID } from 'node:crypto';
import type {
  AllMiddlewareArgs,
  Middleware,
  SlackEventMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { personOf } from '../access/people.js';
import { helpAnswer } from '../blocks/answers/help.js';
import { channelForm, readChannelForm, type Start } from '../blocks/forms/channel-form.js';
import { newDisconnectForm } from '../blocks/forms/disconnect-form.js';
import { searchForm } from '../blocks/forms/search-form.js';
import type { Press } from '../messages/card-presses.js';
import type { HomeTabs } from '../messages/home-tabs.js';
import { openForm } from '../messages/open-form.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';

/** A person opens the Home tab. */
export const onHomeOpened =
  ({ homes }: { readonly homes: Pick<HomeTabs, 'draw'> }) =>
  async ({ context }: SlackEventMiddlewareArgs<'app_home_opened'> & AllMiddlewareArgs): Promise<void> =>
    homes.draw(personOf(context).userId);

/** A person mentions the app in a message. Whatever they say, the answer is the help. */
export const onMention =
  ({ answers }: { readonly answers: PrivateAnswers }) =>
  async ({ body }: SlackEventMiddlewareArgs<'app_mention'> & AllMiddlewareArgs): Promise<void> => {
    const recipient = recipientOf(body);
    if (recipient !== undefined) await answers.send(recipient, helpAnswer());
  };

/** **Search…**, **Order…** and **Disconnect…** on the Home tab: asks for the channel first. */
export const onStart =
  (start: Start): Press =>
  async ({ ack, action, body, client }) => {
    const channelId = action.value === undefined || action.value === '' ? undefined : action.value;
    await openForm(client, body.trigger_id, channelForm(start, channelId));
    await ack();
  };

/** **Next** in that form: opens the form that the command alone would have opened in that channel. */
export const onChannelForm: Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> = async ({ ack, view }) => {
  const read = readChannelForm(view);
  if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
  await ack({ response_action: 'update', view: formFor(read.start, read.channelId) });
};

function formFor(start: Start, channelId: string): ModalView {
  if (start === 'disconnect') return newDisconnectForm({ orderId: randomUUID(), channelId, numbers: [] });
  return searchForm({ mode: start, metadata: JSON.stringify({ channelId }) });
}
