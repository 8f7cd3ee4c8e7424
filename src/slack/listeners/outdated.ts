import type {
  BlockAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
  SlackViewMiddlewareArgs,
} from '@slack/bolt';
import { personOf } from '../people.js';
import { tellPrivately } from '../post-message.js';

// Whatever another version of the app has drawn leads nowhere any more, but a click is never ignored.

const OUTDATED = 'What you pressed is out of date. Please start again with `/numbers`.';

/** Everything but these ids. */
export function allBut(known: readonly string[]): RegExp {
  const escaped = known.map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?!(?:${escaped.join('|')})$)`, 's');
}

export const onOutdatedPress: Middleware<SlackActionMiddlewareArgs<BlockAction>> = async ({
  ack,
  respond,
  body,
  client,
  context,
}) => {
  await ack();
  // Something pressed in a form comes without a response_url.
  if (body.view === undefined) await tellPrivately(respond, OUTDATED);
  else await client.chat.postMessage({ channel: personOf(context).userId, text: OUTDATED });
};

export const onOutdatedForm: Middleware<SlackViewMiddlewareArgs> = async ({ ack, body, client, context }) => {
  await ack();
  if (body.type === 'view_submission')
    await client.chat.postMessage({ channel: personOf(context).userId, text: OUTDATED });
};

export const onOutdatedOptions: Middleware<SlackOptionsMiddlewareArgs> = async ({ ack }) => {
  await (ack as (answer: object) => Promise<void>)({ options: [] });
};
