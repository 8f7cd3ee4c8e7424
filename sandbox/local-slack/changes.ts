import { EventEmitter } from 'node:events';

/** Something in the workspace is different now. */
export interface Change {
  readonly what: 'message' | 'ephemeral' | 'view' | 'home' | 'channel' | 'person';
  readonly id: string;
}

/** Tells of a change. */
export type Changed = (what: Change['what'], id: string) => void;

/** Each change emits a `change` event, which is all a page needs to redraw itself. */
export function makeChanges() {
  const events = new EventEmitter<{ change: [Change] }>();
  events.setMaxListeners(0);
  const changed: Changed = (what, id) => {
    events.emit('change', { what, id });
  };
  return { events, changed };
}
