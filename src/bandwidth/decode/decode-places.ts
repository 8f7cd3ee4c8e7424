import type { Location, Site } from '../../orders/domain/request.js';
import { type PartlyRead, partlyRead } from '../../orders/ports/carrier.js';
import type { Log } from '../../orders/ports/log.js';
import { childOf, element, holdsMore, listOf, many, one, text } from '../schema.js';
import type { XmlDocument } from '../xml.js';

const sitesSchema = element({ sites: one({ site: many({ id: text, name: text }) }) });

export function decodeSites(document: XmlDocument, log: Log): PartlyRead<Site> {
  const { site } = sitesSchema.parse(document.content).sites;
  const sites = site.flatMap(({ id, name }) => (id === undefined ? [] : [{ id, name: name ?? id }]));
  return partlyRead(sites, unreadOf(document, 'sites', 'site', site.length - sites.length, log));
}

/** Returns how many entries of `list` can't be read; at least one when it holds something else. */
function unreadOf(document: XmlDocument, list: string, entry: string, lacking: number, log: Log): number {
  const inside = listOf(childOf(document.content, list)).some((each) =>
    holdsMore(each, [entry, ...besideEntries]),
  );
  const unread = Math.max(lacking, inside || holdsMore(document.content, [list, ...besideEntries]) ? 1 : 0);
  if (unread > 0) log.warn({ list, unread }, 'unreadable entries in bandwidth list');
  return unread;
}

/** Elements that may appear next to the entries of a list. */
const besideEntries: readonly string[] = [
  'totalcount',
  'count',
  'links',
  'responsestatus',
  'errors',
  'errorlist',
  'error',
];

const locationsSchema = element({
  sippeers: one({ sippeer: many({ peerid: text, peername: text, isdefaultpeer: text }) }),
});

/** Returns the locations of a sub-account, its default first. */
export function decodeLocations(document: XmlDocument, log: Log): PartlyRead<Location> {
  const peers = locationsSchema.parse(document.content).sippeers.sippeer;
  const isDefault = (peer: { isdefaultpeer: string | undefined }) =>
    peer.isdefaultpeer?.toLowerCase() === 'true';
  const sorted = [...peers.filter(isDefault), ...peers.filter((peer) => !isDefault(peer))];
  const locations = sorted.flatMap(({ peerid, peername }) =>
    peerid === undefined ? [] : [{ id: peerid, name: peername ?? peerid }],
  );
  return partlyRead(
    locations,
    unreadOf(document, 'sippeers', 'sippeer', peers.length - locations.length, log),
  );
}
