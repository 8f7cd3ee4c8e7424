import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { CloseBackOrder } from '../../orders/close-back-order.js';
import type { Policy } from '../../orders/policy.js';
import { answerPress } from '../answer-press.js';
import { personOf } from '../people.js';

/** **Close back-order**, for the requester and the approvers. */
export const onCloseBackOrder =
  ({
    closeBackOrder,
    policy,
  }: {
    readonly closeBackOrder: CloseBackOrder;
    readonly policy: Policy;
  }): Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>> =>
  async ({ ack, action, body, respond }) => {
    const result = await closeBackOrder(action.value ?? '', personOf(body));
    await ack();
    await answerPress(result, { body, respond }, policy);
  };
