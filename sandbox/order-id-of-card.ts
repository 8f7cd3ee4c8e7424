import type { Message } from './local-slack/local-slack.js';

/** The whole id of a card's order, from the metadata of its message; people read only the beginning. */
export function orderIdOfCard({ metadata }: Pick<Message, 'metadata'>): string | undefined {
  const payload = (metadata as { readonly event_payload?: { readonly order_id?: unknown } } | undefined)
    ?.event_payload;
  return typeof payload?.order_id === 'string' ? payload.order_id : undefined;
}
