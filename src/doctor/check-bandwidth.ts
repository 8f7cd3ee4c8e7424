import type { AccountFacts, ProbedRole } from '../bandwidth/account-facts.js';
import type { Config } from '../config/config.js';
import { CarrierError } from '../orders/ports/carrier.js';
import { proxyFailureIn } from '../proxy/proxy-failed.js';
import { CERTIFICATE_ADVICE, unknownIssuerIn } from '../proxy/untrusted-certificate.js';
import { type Finding, ok, undetermined, wrong } from './finding.js';

const REACHED = 'Bandwidth';
const CREDENTIALS = 'Bandwidth credentials';
const ACCOUNT = 'Bandwidth account';

const names: Readonly<Record<Config['bandwidth']['credentials']['kind'], string>> = {
  oauth: 'BW_CLIENT_ID and BW_CLIENT_SECRET',
  basic: 'BW_USERNAME and BW_PASSWORD',
};

/**
 * Checks that Bandwidth can be reached and accepts the credentials and the account, and that the sub-account and
 * location in the settings exist. If not `isUsable`, nothing else can be asked.
 */
export async function checkAccount(deps: {
  readonly facts: Pick<AccountFacts, 'sites' | 'locations'>;
  readonly bandwidth: Pick<Config['bandwidth'], 'accountId' | 'credentials'>;
  readonly offered: Config['offered'];
}): Promise<{ readonly findings: readonly Finding[]; readonly isUsable: boolean }> {
  const { facts, bandwidth, offered } = deps;
  try {
    const sites = await facts.sites();
    const reached = [
      ok(REACHED, 'Reached.'),
      ok(CREDENTIALS, `Bandwidth accepts ${names[bandwidth.credentials.kind]}.`),
      ok(ACCOUNT, `Account ${bandwidth.accountId} has ${count(sites.length, 'sub-account')}.`),
    ];
    return { findings: [...reached, ...(await checkPlace(facts, sites, offered))], isUsable: true };
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    return { findings: whyNot(error, bandwidth), isUsable: false };
  }
}

function whyNot(
  error: CarrierError,
  { accountId, credentials }: Pick<Config['bandwidth'], 'accountId' | 'credentials'>,
): readonly Finding[] {
  const nothingKnown = (why: string) => [undetermined(ACCOUNT, why)];
  switch (error.trouble) {
    case 'unreachable':
      return [
        notReached(error),
        undetermined(CREDENTIALS, "Bandwidth wasn't reached."),
        ...nothingKnown("Bandwidth wasn't reached."),
      ];
    case 'credentials':
      return [
        ok(REACHED, 'Reached.'),
        wrong(
          CREDENTIALS,
          `Bandwidth doesn't accept ${names[credentials.kind]}.`,
          credentials.kind === 'basic'
            ? 'Bandwidth ends HTTP Basic on December 2, 2026: create OAuth 2.0 credentials in the Bandwidth App and set BW_CLIENT_ID and BW_CLIENT_SECRET instead.'
            : 'Copy them again from the Bandwidth App; a secret can expire or be revoked.',
        ),
        ...nothingKnown("Bandwidth didn't accept the credentials."),
      ];
    case 'forbidden':
    case 'missing':
      return [
        ok(REACHED, 'Reached.'),
        ok(CREDENTIALS, `Bandwidth accepts ${names[credentials.kind]}.`),
        wrong(
          ACCOUNT,
          `These credentials can't read the sub-accounts of account ${accountId}.`,
          'Check BW_ACCOUNT_ID and BW_API_URL, and give the credentials access to the account in the Bandwidth App.',
        ),
      ];
    default:
      return [
        ok(REACHED, 'Reached.'),
        undetermined(CREDENTIALS, error.advice),
        ...nothingKnown(error.advice),
      ];
  }
}

function notReached(error: CarrierError): Finding {
  const proxy = proxyFailureIn(error);
  if (proxy !== undefined) {
    return wrong(REACHED, `Bandwidth can't be reached (${proxy.message}).`, proxy.advice);
  }
  const code = unknownIssuerIn(error);
  return code === undefined
    ? wrong(
        REACHED,
        "Bandwidth can't be reached.",
        'Check the network, the proxy, BW_API_URL and BW_TOKEN_URL.',
      )
    : wrong(REACHED, `Bandwidth's certificate has an unknown issuer (${code}).`, CERTIFICATE_ADVICE);
}

async function checkPlace(
  facts: Pick<AccountFacts, 'locations'>,
  sites: Awaited<ReturnType<AccountFacts['sites']>>,
  { siteId, peerId }: Config['offered'],
): Promise<readonly Finding[]> {
  if (siteId === undefined) return [];
  const site = sites.find(({ id }) => id === siteId);
  const check = 'BW_SITE_ID';
  if (site === undefined) {
    if (sites.length === 0 || sites.unread !== undefined) {
      return [undetermined(check, "Bandwidth's list of sub-accounts is empty or can't be read completely.")];
    }
    const some = sites.slice(0, 5).map(({ id, name }) => `${id} (${name ?? 'without a name'})`);
    return [
      wrong(
        check,
        `BW_SITE_ID ${siteId} isn't a sub-account of this account.`,
        `Set it to one of ${some.join(', ')}${sites.length > some.length ? ', …' : ''}.`,
      ),
    ];
  }
  const found = ok(check, `${siteId} is ${site.name ?? 'a sub-account without a name'}.`);
  return peerId === undefined ? [found] : [found, await checkLocation(facts, siteId, peerId)];
}

async function checkLocation(
  facts: Pick<AccountFacts, 'locations'>,
  siteId: string,
  peerId: string,
): Promise<Finding> {
  const check = 'BW_PEER_ID';
  try {
    const locations = await facts.locations(siteId);
    const location = locations.find(({ id }) => id === peerId);
    if (location !== undefined)
      return ok(check, `${peerId} is ${location.name ?? 'a location without a name'}.`);
    if (locations.unread !== undefined)
      return undetermined(check, "Bandwidth's list of locations can't be read completely.");
    return wrong(
      check,
      `BW_PEER_ID ${peerId} isn't a location of sub-account ${siteId}.`,
      'Correct it, or remove it to use the default location.',
    );
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    return undetermined(check, error.advice);
  }
}

interface Role {
  readonly check: string;
  readonly effect: string;
  /** Older accounts don't have this role, so lacking it may be right. */
  readonly optional?: true;
}

const roles: Readonly<Record<ProbedRole, Role>> = {
  search: { check: 'Role for searches', effect: "people can't search or order numbers" },
  orders: { check: 'Role to read orders', effect: "orders can't be followed" },
  numbers: { check: 'Role Numbers', effect: "numbers can't be looked up, listed or disconnected" },
  'in-service': {
    check: 'Role for in-service numbers',
    effect: 'changes to the account are noticed only at night',
  },
  activation: {
    check: 'Role for service activation',
    effect: "what works on bought numbers is read from their details, and services can't be activated",
    optional: true,
  },
};

/** Makes a harmless call for each role. Only version 2 of the API has service activation. */
export function checkRoles(
  facts: Pick<AccountFacts, 'probe'>,
  hasActivation: boolean,
): Promise<readonly Finding[]> {
  const probed = (Object.keys(roles) as ProbedRole[]).filter(
    (role) => role !== 'activation' || hasActivation,
  );
  return Promise.all(
    probed.map(async (role) => {
      const { check, effect, optional } = roles[role];
      try {
        await facts.probe(role);
        return ok(check, 'Granted.');
      } catch (error) {
        if (!(error instanceof CarrierError)) throw error;
        if (error.trouble !== 'forbidden') return undetermined(check, error.advice);
        if (optional === true) {
          return undetermined(check, `The credentials lack it, or the account doesn't have it: ${effect}.`);
        }
        return wrong(
          check,
          `The Bandwidth credentials lack it: ${effect}.`,
          'Add the roles Ordering and Numbers to the credentials in the Bandwidth App.',
        );
      }
    }),
  );
}

/** What only shows when a number is ordered or reserved. */
export const notTried = (maxHeld: number): readonly Finding[] => [
  undetermined('Role Ordering', "The doctor can't check this without ordering or changing a number."),
  maxHeld === 0
    ? ok('Holds', 'Turned off by MAX_HELD=0.')
    : undetermined(
        'Holds',
        "The doctor can't check this without reserving a number. Orders work either way.",
      ),
];

const count = (quantity: number, what: string) => `${quantity} ${what}${quantity === 1 ? '' : 's'}`;
