import {
  type Destination,
  type LineOfSeveral,
  type OrderRequest,
  type PurchaseRequest,
  severalLines,
} from './request.js';

/* Where the lines of a purchase go: each to a sub-account and location of its own, or to those of the whole order. */

/** Returns where a purchase goes, unless one of its lines says otherwise. */
export const destinationOf = ({ site, location }: Destination): Destination => ({
  site,
  ...(location === undefined ? {} : { location }),
});

/** Identifies a destination, whatever it is called. */
export const destinationKey = ({ site, location }: Destination): string =>
  JSON.stringify([site.id, location?.id]);

/** Returns every destination of a request, each once; none for requests about numbers in service. */
export function destinationsOf(request: OrderRequest): readonly Destination[] {
  if (request.kind === 'activation') return [destinationOf(request), ...(request.alsoTo ?? [])];
  if (request.kind !== 'purchase') return [];
  const own = destinationOf(request);
  const lines = severalLines(request);
  return distinct(lines.length === 0 ? [own] : lines.map(({ to = own }) => to));
}

export const distinct = (destinations: readonly Destination[]): readonly Destination[] => [
  ...new Map(destinations.map((each) => [destinationKey(each), each])).values(),
];

/**
 * Returns a purchase of these lines. Lines that name no destination go where the purchase goes; if there are none, the
 * purchase goes where most of the lines do. One line is a purchase like any other.
 */
export function purchaseOfLines(request: PurchaseRequest, lines: readonly LineOfSeveral[]): PurchaseRequest {
  const named = lines.flatMap(({ to }) => to ?? []);
  const whole = named.length < lines.length ? destinationOf(request) : mostOften(named);
  const key = destinationKey(whole);
  const shown = lines.map(
    ({ to, ...line }): LineOfSeveral =>
      to === undefined || destinationKey(to) === key ? line : { ...line, to },
  );
  const [only, ...more] = shown;
  return {
    ...sentTo(request, whole),
    wanted: only !== undefined && more.length === 0 ? only : { by: 'lines', lines: shown },
  };
}

/** Returns the purchase with this destination in place of its own. */
export function sentTo(request: PurchaseRequest, destination: Destination): PurchaseRequest {
  const { location: _, ...others } = request;
  return { ...others, ...destination };
}

function mostOften(destinations: readonly Destination[]): Destination {
  const counts = new Map<string, { readonly destination: Destination; readonly count: number }>();
  for (const destination of destinations) {
    const key = destinationKey(destination);
    counts.set(key, { destination, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].reduce((most, each) => (each.count > most.count ? each : most)).destination;
}
