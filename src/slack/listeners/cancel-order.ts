import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { CancelOrder } from '../../orders/cancel-order.js';
import type { Policy } from '../../orders/policy.js';
import { answerPress } from '../answer-press.js';
import { personOf } from '../people.js';

/** **Cancel** and, of an approved disconnect, **Undo**: for the requester and the approvers. */
export const onCancel =
  ({
    cancelOrder,
    policy,
  }: {
    readonly cancelOrder: CancelOrder;
    readonly policy: Policy;
  }): Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>> =>
  async ({ ack, action, body, respond }) => {
    const result = await cancelOrder(action.value ?? '', personOf(body));
    await ack();
    await answerPress(result, { body, respond }, policy);
  };
