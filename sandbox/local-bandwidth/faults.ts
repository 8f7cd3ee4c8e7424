/** A request as observers and faults see it. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query, e.g. `/api/accounts/9900123/orders`. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly body: string;
}

/**
 * How a call goes wrong.
 * - `reset-before-read`: the connection breaks, nothing happened.
 * - `reset-after-accept`, `hang-after-accept`: Bandwidth has acted, but never answers.
 * - `hang`: no answer, nothing happened.
 * - a number: that HTTP status with an empty body, or the one that `says` holds; nothing happened unless `accepted`.
 * - `html`: 200 with a gateway's HTML page; nothing happened unless `accepted`.
 * - `truncated`: Bandwidth has acted; the document ends in the middle, the HTTP answer is complete.
 * - `cut`: Bandwidth has acted; the connection breaks in the middle of the answer.
 * - `drip`: Bandwidth has acted; the answer comes byte by byte, `everyMs` apart.
 * - `slow`: answers normally after `afterMs`.
 */
type FaultKind =
  | 'reset-before-read'
  | 'reset-after-accept'
  | 'hang-after-accept'
  | 'hang'
  | 'html'
  | 'truncated'
  | 'cut'
  | 'drip'
  | 'slow'
  | number;

export interface Fault {
  readonly method?: string;
  /** A whole path (without `/api` or `/api/v2`), or a pattern to find in it. */
  readonly path?: string | RegExp;
  readonly when?: (request: SeenRequest) => boolean;
  /** How many calls it affects; 1 by default. */
  readonly times?: number;
  readonly how: FaultKind;
  /** Whether Bandwidth acts although the answer says otherwise. Only for statuses and `html`. */
  readonly accepted?: boolean;
  /** The body of an answer with a status, and its Content-Type if it isn't XML in UTF-8. */
  readonly says?: string;
  readonly contentType?: string;
  readonly afterMs?: number;
  readonly everyMs?: number;
  /** For a 429: the seconds until the next call is allowed (60 by default). */
  readonly resetSeconds?: number;
}

export interface Faults {
  /** Adds a fault and returns a function that cancels it. */
  add(fault: Fault): () => void;
  /** Returns the first fault that affects this request, if any, and counts it. */
  strike(request: SeenRequest): Fault | undefined;
  /** Returns the faults that still affect calls. */
  waiting(): readonly Fault[];
  clear(): void;
}

export function makeFaults(): Faults {
  const waiting = new Map<Fault, number>();
  return {
    add(fault) {
      const own = { ...fault };
      waiting.set(own, fault.times ?? 1);
      return () => waiting.delete(own);
    },
    strike(request) {
      for (const [fault, left] of waiting) {
        if (!matches(fault, request)) continue;
        if (left > 1) waiting.set(fault, left - 1);
        else waiting.delete(fault);
        return fault;
      }
      return undefined;
    },
    waiting: () => [...waiting.keys()],
    clear: () => waiting.clear(),
  };
}

function matches({ method, path, when }: Fault, request: SeenRequest): boolean {
  if (method !== undefined && method !== request.method) return false;
  if (
    typeof path === 'string' &&
    path !== request.path &&
    path !== request.path.replace(/^\/api(?:\/v2)?(?=\/)/, '')
  )
    return false;
  if (path instanceof RegExp && request.path.search(path) < 0) return false;
  return when === undefined || when(request);
}

/** Whether Bandwidth sees the request at all. */
export function reachesCarrier(fault: Fault | undefined): boolean {
  if (fault === undefined) return true;
  if (typeof fault.how === 'number' || fault.how === 'html') return fault.accepted === true;
  return fault.how !== 'hang' && fault.how !== 'reset-before-read';
}
