import type {
  BlockAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
  SlackViewMiddlewareArgs,
} from '@slack/bolt';
import { OUTDATED_ELEMENT } from '../blocks/answers/problems.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';

// Elements rendered by another version of the app no longer work, but every click gets an answer.

/** Matches everything but these ids. */
export function allBut(known: readonly string[]): RegExp {
  const escaped = known.map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?!(?:${escaped.join('|')})$)`, 's');
}

interface Deps {
  readonly answers: PrivateAnswers;
}

export const onOutdatedPress =
  ({ answers }: Deps): Middleware<SlackActionMiddlewareArgs<BlockAction>> =>
  async ({ ack, body }) => {
    await ack();
    const recipient = recipientOf(body);
    if (recipient !== undefined) await answers.send(recipient, { text: OUTDATED_ELEMENT });
  };

export const onOutdatedForm =
  ({ answers }: Deps): Middleware<SlackViewMiddlewareArgs> =>
  async ({ ack, body }) => {
    await ack();
    const recipient = body.type === 'view_submission' ? recipientOf(body) : undefined;
    if (recipient !== undefined) await answers.send(recipient, { text: OUTDATED_ELEMENT });
  };

export const onOutdatedOptions: Middleware<SlackOptionsMiddlewareArgs> = async ({ ack }) => {
  await (ack as (answer: object) => Promise<void>)({ options: [] });
};
