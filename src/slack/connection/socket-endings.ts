/** Why Slack ends a socket, from its `disconnect` message; `lost` if the connection ended without one. */
export type EndReason =
  | 'warning'
  | 'refresh_requested'
  | 'link_disabled'
  | 'too_many_websockets'
  | 'lost'
  | 'other';

const known: readonly EndReason[] = ['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets'];

export const endReasonOf = (said: unknown): EndReason => known.find((reason) => reason === said) ?? 'other';

/** Slack closes every socket now and then on purpose; a new one replaces it at once. */
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 30_000;
/** Gives Slack time to notice that the sockets of other processes are gone. */
const TOO_MANY_PAUSE_MS = 30_000;
const MAX_TOO_MANY_PAUSE_MS = 5 * 60_000;
/** Gives a person time to turn Socket Mode on again. */
const DISABLED_PAUSE_MS = 60_000;

/**
 * Returns how long to wait before the next socket.
 *
 * @param inARow how many sockets have ended within seconds, this one included; 0 if this one lived longer.
 */
export function pauseAfter(reason: EndReason, inARow: number): number {
  const doubled = 2 ** Math.max(0, inARow - 1);
  switch (reason) {
    case 'too_many_websockets':
      return Math.min(TOO_MANY_PAUSE_MS * doubled, MAX_TOO_MANY_PAUSE_MS);
    case 'link_disabled':
      // Slack also says this when the setting was only saved again.
      return inARow < 2 ? MIN_PAUSE_MS : DISABLED_PAUSE_MS;
    default:
      return Math.min(MIN_PAUSE_MS * doubled, MAX_PAUSE_MS);
  }
}
