import type { HttpRequest } from './http.js';

const account = '/accounts/*';

/** Paths without their query; `*` is an id or a number. */
const operations: Readonly<Record<string, string>> = {
  [`${account}/availableNumbers`]: 'search',
  [`${account}/orders`]: 'orders',
  [`${account}/orders/*`]: 'order',
  [`${account}/disconnects`]: 'disconnects',
  [`${account}/disconnects/*`]: 'disconnect',
  [`${account}/moveTns`]: 'moves',
  [`${account}/moveTns/*`]: 'move',
  [`${account}/tnoptions`]: 'options',
  [`${account}/tnoptions/*`]: 'option',
  [`${account}/products/messaging/a2pCampaigns`]: 'campaigns',
  [`${account}/tnreservation`]: 'reservations',
  [`${account}/tnreservation/*`]: 'reservation',
  [`${account}/inserviceNumbers`]: 'in_service_numbers',
  [`${account}/inserviceNumbers/totals`]: 'in_service_total',
  [`${account}/inserviceNumbers/*`]: 'in_service_number',
  [`${account}/discnumbers/totals`]: 'disconnected_total',
  [`${account}/sites`]: 'sites',
  [`${account}/sites/*/sippeers`]: 'locations',
  [`${account}/sites/*/sippeers/*/tns`]: 'location_numbers',
  [`${account}/sites/*/sippeers/*/tns/*`]: 'location_number',
  [`${account}/sites/*/sippeers/*/products/messaging/features/sms`]: 'location_messaging',
  [`${account}/serviceActivation`]: 'activations',
  [`${account}/serviceActivation/*`]: 'activation',
  [`${account}/serviceActivationChecker`]: 'service_check',
  [`${account}/subscriptions`]: 'subscriptions',
  [`${account}/subscriptions/*`]: 'subscription',
  '/tns': 'numbers',
  '/tns/*': 'number',
  '/tns/*/tndetails': 'number_details',
  '/tns/*/tnreservation': 'number_reservation',
  '/cities': 'cities',
  '/rateCenters': 'rate_centers',
};

const patterns = Object.entries(operations).map(
  ([path, name]) => [new RegExp(`^${path.replaceAll('*', '[^/]+')}$`), name] as const,
);

/** Names a request without the ids and numbers in its path, such as `get_order`; `get_other` if the path is unknown. */
export function operationName(method: HttpRequest['method'], pathAndQuery: string): string {
  const [path = ''] = pathAndQuery.split('?', 1);
  // `inserviceNumbers/totals` comes before `inserviceNumbers/*`.
  const name = patterns.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
  return `${method.toLowerCase()}_${name}`;
}
