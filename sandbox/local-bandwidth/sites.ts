import type { Attached } from './numbers.js';
import { document, field, responseStatus, tag } from './write-xml.js';

interface LocalPeer {
  readonly id: string;
  readonly name: string;
  readonly isDefault?: boolean;
  /** False if text messages don't work at this location. */
  readonly sms?: false;
  /** What works on each of its numbers from the start. */
  readonly services?: Attached;
}

/** A sub-account with its SIP peers (locations). */
export interface LocalSite {
  readonly id: string;
  readonly name: string;
  readonly peers: readonly LocalPeer[];
}

export const ordinarySites: readonly LocalSite[] = [
  {
    id: '461',
    name: 'Raleigh office',
    peers: [
      { id: '651681', name: 'Main SIP trunk', isDefault: true },
      {
        id: '651682',
        name: 'Contact center',
        services: {
          messaging: true,
          campaign: { id: 'CB7T2QK', messageClass: 'M', provisioned: true },
        },
      },
    ],
  },
  {
    id: '743',
    name: 'Boston office',
    peers: [{ id: '303716', name: 'Boston trunk', isDefault: true, sms: false, services: { e911: true } }],
  },
];

/** GET /accounts/{accountId}/sites, with the peers if requested. */
export function sitesAnswer(
  sites: readonly LocalSite[],
  query: URLSearchParams,
): { readonly status: 200; readonly body: string } {
  const withPeers = query.get('sipPeerDetails') === 'true' || query.get('summary') === 'true';
  return { status: 200, body: sitesDocument(sites, withPeers) };
}

function sitesDocument(sites: readonly LocalSite[], withPeers: boolean): string {
  return document(
    tag(
      'SitesResponse',
      tag(
        'Sites',
        ...sites.map((site) =>
          tag(
            'Site',
            field('Id', site.id),
            field('Name', site.name),
            field('Description', `${site.name} numbers`),
            withPeers ? tag('SipPeers', ...site.peers.map(peer)) : '',
          ),
        ),
      ),
    ),
  );
}

/** GET /accounts/{accountId}/sites/{siteId}/sippeers. */
export function sipPeersAnswer(
  sites: readonly LocalSite[],
  siteId: string,
): { readonly status: 200 | 404; readonly body: string } {
  const site = sites.find((each) => each.id === siteId);
  if (site === undefined) {
    return {
      status: 404,
      body: responseStatus('TNSipPeersResponse', '12016', `Site '${siteId}' does not exist`),
    };
  }
  return {
    status: 200,
    body: document(tag('TNSipPeersResponse', tag('SipPeers', ...site.peers.map(peer)))),
  };
}

/** GET …/sippeers/{sippeerId}/products/messaging/features/sms */
export function smsFeatureAnswer(
  sites: readonly LocalSite[],
  [siteId, peerId]: readonly string[],
): { readonly status: 200 | 404; readonly body: string } {
  const found = sites.find(({ id }) => id === siteId)?.peers.find(({ id }) => id === peerId);
  if (found === undefined || found.sms === false) return { status: 404, body: '' };
  const settings = tag(
    'SipPeerSmsFeatureSettings',
    field('TollFree', true),
    field('A2pLongCode', 'DefaultOff'),
  );
  return {
    status: 200,
    body: document(tag('SipPeerSmsFeatureResponse', tag('SipPeerSmsFeature', settings))),
  };
}

function peer({ id, name, isDefault }: LocalPeer): string {
  return tag(
    'SipPeer',
    field('PeerId', id),
    field('PeerName', name),
    field('Description', name),
    field('IsDefaultPeer', isDefault === true),
    tag('VoiceHosts'),
    tag('VoiceHostGroups'),
    tag('TerminationHosts'),
  );
}
