import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { CancelOrder } from '../../orders/cancel-order.js';
import type { Policy } from '../../orders/policy.js';
import { personOf } from '../people.js';
import { answerPress } from './answer-press.js';

/** **Cancel** and, of an approved disconnect, **Undo**: for the requester and the approvers. */
export const onCancel =
  ({
    cancelOrder,
    policy,
  }: {
    readonly cancelOrder: CancelOrder;
    readonly policy: Policy;
  }): Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>> =>
  async ({ ack, action, body, client, respond }) => {
    const result = await cancelOrder(action.value ?? '', personOf(body));
    await ack();
    await answerPress({ body, client, respond }, result, policy);
  };
