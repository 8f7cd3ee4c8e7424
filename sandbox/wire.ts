/** A moment at which something has just crossed the line between the app and one of its neighbours. */
export interface Crossing {
  readonly neighbour: 'Slack' | 'Bandwidth';
  /** A request as its method and kind (`POST /orders`, `chat.update`), a delivery as its kind (`interactive`). */
  readonly what: string;
  readonly how: /** The app's request is here, and nothing came of it yet. */
    | 'arrived'
    /** It has been carried out; its answer is about to leave. */
    | 'carried out'
    /** Its answer has left. */
    | 'answered'
    /** Something was sent to the app. */
    | 'delivered'
    /** The app has acknowledged it. */
    | 'acknowledged';
}

/** Sees every crossing as it happens. `lost` ends an arrived request before it is read, and keeps back an answer. */
export type WatchWire = (crossing: Crossing) => 'lost' | undefined;
