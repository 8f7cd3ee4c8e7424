/** How the next calls of one method, or (as `response_url`) the next answers to a response_url, go wrong. */
export interface Fault {
  /** Slack's error code, in an answer with status 200. */
  readonly error?: string;
  /** An HTTP status, such as 500. */
  readonly status?: number;
  /** Answers 429 with this many seconds in Retry-After. */
  readonly retryAfter?: number;
  /** Never answers. */
  readonly hang?: boolean;
  /** Drops the connection instead of answering. */
  readonly reset?: boolean;
  /** Carries out the call, so only the answer is lost. */
  readonly carriedOut?: boolean;
  /** Only calls about this channel. */
  readonly channel?: string;
  /** How many calls; 1 by default. */
  readonly times?: number;
  /** How many calls go well before that; none by default. */
  readonly after?: number;
}

export interface Faults {
  add(method: string, fault: Fault): void;
  /** Returns the fault for this call and counts it. */
  next(method: string, channel?: unknown): Fault | undefined;
  clear(): void;
}

export function makeFaults(): Faults {
  const planned: { readonly method: string; readonly fault: Fault; left: number; before: number }[] = [];
  return {
    add(method, fault) {
      planned.push({ method, fault, left: fault.times ?? 1, before: fault.after ?? 0 });
    },
    next(method, channel) {
      const due = planned.find(
        (each) =>
          each.method === method &&
          each.left > 0 &&
          (each.fault.channel === undefined || each.fault.channel === channel),
      );
      if (due === undefined) return undefined;
      if (due.before > 0) {
        due.before -= 1;
        return undefined;
      }
      due.left -= 1;
      return due.fault;
    },
    clear() {
      planned.length = 0;
    },
  };
}
