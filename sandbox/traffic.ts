/** A moment at which something has just passed between the app and Slack or Bandwidth. */
export interface TrafficEvent {
  readonly neighbor: 'Slack' | 'Bandwidth';
  /** For a request, its method and kind (`POST /orders`, `chat.update`); for a delivery, its kind (`interactive`). */
  readonly what: string;
  readonly how: /** The app's request has arrived and had no effect yet. */
    | 'arrived'
    /** It was carried out, and its answer is about to leave. */
    | 'carried out'
    /** Its answer has been sent. */
    | 'answered'
    /** It was sent to the app. */
    | 'delivered'
    /** The app has acknowledged it. */
    | 'acknowledged';
}

/**
 * Sees every event as it happens. Returning `lost` drops an arriving request before it is read, and withholds an
 * answer.
 */
export type WatchTraffic = (event: TrafficEvent) => 'lost' | undefined;
