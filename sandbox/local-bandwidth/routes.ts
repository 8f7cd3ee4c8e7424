import { type Answer, accountUrl, type Call } from './call.js';
import { listDisconnects, placeDisconnect, showDisconnect } from './disconnect-answers.js';
import {
  disconnectedAnswer,
  inServiceAnswer,
  locationAnswer,
  locationNumberAnswer,
  numbersAnswer,
  totalAnswer,
} from './inventory-lists.js';
import { listMoves, placeMove, showMove } from './move-documents.js';
import {
  checkInService,
  listNumbers,
  searchNumbers,
  showNumber,
  showNumberDetails,
} from './number-answers.js';
import { campaignsAnswer, listOptions, placeOptions, showOptions } from './options-documents.js';
import { closeOrder, listOrders, placeOrder, showOrder } from './order-answers.js';
import { citiesDocument, rateCentersDocument } from './place-lists.js';
import { cancelReservation, reserve, showNumberReservation, showReservation } from './reservation-answers.js';
import { sipPeersAnswer, sitesAnswer, smsFeatureAnswer } from './sites.js';
import type { Role } from './switches.js';

export interface Route {
  readonly method: string;
  /** Relative to /accounts/{accountId} when it starts with a word; `*` is the id. */
  readonly path: string;
  readonly answer: (call: Call) => Answer;
  /** The role that the credentials need for it. */
  readonly role?: Role;
  /** Only in version 2, and in JSON. */
  readonly json?: true;
}

export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: 'availableNumbers',
    answer: searchNumbers,
  },
  { method: 'POST', path: 'orders', answer: placeOrder },
  { method: 'GET', path: 'orders', answer: listOrders },
  { method: 'GET', path: 'orders/*', answer: showOrder },
  { method: 'PUT', path: 'orders/*', answer: closeOrder },
  { method: 'POST', path: 'disconnects', answer: placeDisconnect },
  { method: 'GET', path: 'disconnects', answer: listDisconnects },
  { method: 'GET', path: 'disconnects/*', answer: showDisconnect },
  {
    method: 'POST',
    path: 'moveTns',
    role: 'Moving',
    answer: ({ carrier, request, xml }) =>
      placeMove(carrier, xml, request.body, accountUrl({ carrier, request }, 'moveTns')),
  },
  { method: 'GET', path: 'moveTns', answer: ({ carrier, query }) => listMoves(carrier, query) },
  { method: 'GET', path: 'moveTns/*', answer: ({ carrier, id }) => showMove(carrier, id) },
  {
    method: 'POST',
    path: 'tnoptions',
    role: 'Options',
    answer: ({ carrier, request, xml }) =>
      placeOptions(carrier, xml, request.body, accountUrl({ carrier, request }, 'tnoptions')),
  },
  { method: 'GET', path: 'tnoptions', answer: ({ carrier, query }) => listOptions(carrier, query) },
  { method: 'GET', path: 'tnoptions/*', answer: ({ carrier, id }) => showOptions(carrier, id) },
  { method: 'GET', path: 'products/messaging/a2pCampaigns', role: 'Campaigns', answer: campaignsAnswer },
  { method: 'GET', path: 'sites', answer: ({ carrier, query }) => sitesAnswer(carrier.sites, query) },
  { method: 'GET', path: 'sites/*/sippeers', answer: ({ carrier, id }) => sipPeersAnswer(carrier.sites, id) },
  {
    method: 'GET',
    path: 'sites/*/sippeers/*/tns',
    role: 'Locations',
    answer: ({ carrier, query, ids }) => locationAnswer(carrier, query, ids),
  },
  {
    method: 'GET',
    path: 'sites/*/sippeers/*/tns/*',
    role: 'Locations',
    answer: ({ carrier, ids }) => locationNumberAnswer(carrier, ids),
  },
  {
    method: 'GET',
    path: 'sites/*/sippeers/*/products/messaging/features/sms',
    role: 'Locations',
    answer: ({ carrier, ids }) => smsFeatureAnswer(carrier.sites, ids),
  },
  {
    method: 'GET',
    path: 'inserviceNumbers',
    role: 'InService',
    answer: ({ carrier, query }) => inServiceAnswer(carrier, query),
  },
  {
    method: 'GET',
    path: 'inserviceNumbers/totals',
    role: 'InService',
    answer: ({ carrier }) => totalAnswer(carrier, 'in service'),
  },
  { method: 'GET', path: 'inserviceNumbers/*', answer: checkInService, role: 'InService' },
  { method: 'GET', path: 'discnumbers', answer: ({ carrier, query }) => disconnectedAnswer(carrier, query) },
  {
    method: 'GET',
    path: 'discnumbers/totals',
    answer: ({ carrier }) => totalAnswer(carrier, 'disconnected'),
  },
  { method: 'POST', path: 'tnreservation', answer: reserve },
  { method: 'GET', path: 'tnreservation/*', answer: showReservation },
  { method: 'DELETE', path: 'tnreservation/*', answer: cancelReservation },
  {
    method: 'POST',
    path: 'serviceActivationChecker',
    role: 'Activation',
    json: true,
    answer: ({ carrier, request }) => carrier.activations.check(request.body),
  },
  {
    method: 'POST',
    path: 'serviceActivation',
    role: 'Activation',
    json: true,
    answer: ({ carrier, request }) => carrier.activations.place(request.body),
  },
  {
    method: 'GET',
    path: 'serviceActivation/*',
    role: 'Activation',
    json: true,
    answer: ({ carrier, id }) => carrier.activations.show(id),
  },
  { method: 'POST', path: 'subscriptions', answer: subscribe },
  {
    method: 'GET',
    path: 'subscriptions',
    answer: ({ carrier, query }) => carrier.subscriptions.list(query.get('orderType') ?? undefined),
  },
  {
    method: 'PUT',
    path: 'subscriptions/*',
    answer: ({ carrier, id, xml }) => carrier.subscriptions.change(id, xml),
  },
  {
    method: 'DELETE',
    path: 'subscriptions/*',
    answer: ({ carrier, id }) => carrier.subscriptions.remove(id),
  },
  {
    method: 'GET',
    path: '/cities',
    answer: ({ carrier, query }) => ({ status: 200, body: citiesDocument(query, carrier.numbers.all()) }),
  },
  {
    method: 'GET',
    path: '/rateCenters',
    answer: ({ carrier, query }) => ({
      status: 200,
      body: rateCentersDocument(query, carrier.numbers.all()),
    }),
  },
  {
    method: 'GET',
    path: '/tns',
    answer: ({ carrier, query }) => numbersAnswer(carrier, query),
    role: 'Numbers',
  },
  { method: 'POST', path: '/tns', answer: listNumbers, role: 'Numbers' },
  { method: 'GET', path: '/tns/*', answer: showNumber, role: 'Numbers' },
  { method: 'GET', path: '/tns/*/tnreservation', answer: showNumberReservation },
  { method: 'GET', path: '/tns/*/tndetails', answer: showNumberDetails, role: 'Numbers' },
];

function subscribe({ carrier, request, xml, version }: Call): Answer {
  const { id, ...answer } = carrier.subscriptions.add(xml, version);
  return id === undefined
    ? answer
    : { ...answer, location: accountUrl({ carrier, request }, `subscriptions/${id}`) };
}
