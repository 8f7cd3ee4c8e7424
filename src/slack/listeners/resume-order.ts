import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { Policy } from '../../orders/policy.js';
import type { CheckAgain, OrderAgain } from '../../orders/resume-order.js';
import { answerPress } from '../answer-press.js';
import { personOf } from '../people.js';

type Press = Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>>;

/** **Check again** on an order that left no trace at Bandwidth. */
export const onCheckAgain = (does: { readonly checkAgain: CheckAgain; readonly policy: Policy }): Press =>
  onPress(does.checkAgain, does.policy);

/** **Order again** (or **Disconnect again**), for approvers. */
export const onOrderAgain = (does: { readonly orderAgain: OrderAgain; readonly policy: Policy }): Press =>
  onPress(does.orderAgain, does.policy);

const onPress =
  (act: CheckAgain | OrderAgain, policy: Policy): Press =>
  async ({ ack, action, body, respond }) => {
    const result = await act(action.value ?? '', personOf(body));
    await ack();
    await answerPress(result, { body, respond }, policy);
  };
