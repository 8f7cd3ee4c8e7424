import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import { ACCOUNT, aClient, errorOf, HOST, XML } from './support.js';

const answered = (path: string, body: string, status = 200) => {
  nock(HOST).get(`${ACCOUNT}${path}`).reply(status, body, XML);
  return aClient().bandwidth;
};

const site = (id: string, name: string) =>
  `<Site><Id>${id}</Id><Name>${name}</Name><Description>d</Description></Site>`;
const peer = (id: string, name: string, isDefault: string) =>
  `<SipPeer xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="SipPeer"><PeerId>${id}</PeerId><PeerName>${name}</PeerName><IsDefaultPeer>${isDefault}</IsDefaultPeer><VoiceHosts><Host><HostName>192.0.2.1</HostName></Host></VoiceHosts></SipPeer>`;

describe('A person who chooses a sub-account', () => {
  test.each([
    ['<SitesResponse/>'],
    ['<SitesResponse><Sites/></SitesResponse>'],
    ['<SitesResponse><Sites></Sites></SitesResponse>'],
  ])('has none to choose from in %s', async (body) => {
    expect(await answered('/sites', body).sites()).toEqual([]);
  });

  test('has one', async () => {
    const body = `<SitesResponse><Sites>${site('00399', 'Tom &amp; Sons')}</Sites></SitesResponse>`;
    expect(await answered('/sites', body).sites()).toEqual([{ id: '00399', name: 'Tom & Sons' }]);
  });

  test('has five hundred, and one without a name is shown by its id', async () => {
    const sites = Array.from({ length: 499 }, (_, n) => site(String(n), `Site ${n}`)).join('');
    const body = `<SitesResponse><Sites>${sites}<Site><Id>77</Id><Name/></Site><Site><Name>no id</Name></Site></Sites></SitesResponse>`;
    const found = await answered('/sites', body).sites();
    expect(found).toHaveLength(500);
    expect(found.at(-1)).toEqual({ id: '77', name: '77' });
  });

  test.each([200, 400])('is told what Bandwidth says instead (HTTP %d)', async (status) => {
    const body =
      '<SitesResponse><ResponseStatus><ErrorCode>12016</ErrorCode><Description>Site does not exist</Description></ResponseStatus></SitesResponse>';
    expect(await errorOf(answered('/sites', body, status).sites())).toMatchObject({
      trouble: 'refused',
      faults: [{ code: '12016', description: 'Site does not exist', numbers: [] }],
    });
  });
});

describe('A person who chooses a location', () => {
  test('has those of the sub-account, its default first', async () => {
    const body = `<TNSipPeersResponse><SipPeers>${peer('1', 'Lobby', 'false')}${peer('2', 'Main', 'true')}${peer('3', 'Annex', 'false')}</SipPeers></TNSipPeersResponse>`;
    expect(await answered('/sites/461/sippeers', body).locations('461')).toEqual([
      { id: '2', name: 'Main' },
      { id: '1', name: 'Lobby' },
      { id: '3', name: 'Annex' },
    ]);
  });

  test('may have none', async () => {
    const body = '<TNSipPeersResponse><SipPeers/></TNSipPeersResponse>';
    expect(await answered('/sites/461/sippeers', body).locations('461')).toEqual([]);
  });

  test('cannot reach a different address with an odd sub-account', async () => {
    const body = '<TNSipPeersResponse><SipPeers/></TNSipPeersResponse>';
    expect(await answered('/sites/..%2Forders%3Fx/sippeers', body).locations('../orders?x')).toEqual([]);
  });
});

describe('Bandwidth’s errors are reported', () => {
  const fault = { code: '4711', description: 'No luck', numbers: [] };
  test.each([
    ['an Error', '<X><Error><Code>4711</Code><Description>No luck</Description></Error></X>', fault],
    [
      'an ErrorList',
      '<X><ErrorList><Error><Code>4711</Code><Description>No luck</Description></Error></ErrorList></X>',
      fault,
    ],
    [
      'a ResponseStatus',
      '<X><ResponseStatus><ErrorCode>4711</ErrorCode><Description>No luck</Description></ResponseStatus></X>',
      fault,
    ],
    [
      'a ResponseStatus without a code',
      '<X><ResponseStatus><Description>No luck</Description></ResponseStatus></X>',
      { ...fault, code: '' },
    ],
    ['Errors', '<X><Errors><Code>4711</Code><Description>No luck</Description></Errors></X>', fault],
    [
      'Errors of Error',
      '<X><Errors><Error><Code>4711</Code><Description>No luck</Description></Error></Errors></X>',
      fault,
    ],
    [
      'an IrisStatus',
      '<X><irisStatus><Code>4711</Code><Description>No luck</Description></irisStatus></X>',
      fault,
    ],
    ['a resultCode', '<X><resultCode>4711</resultCode><resultMessage>No luck</resultMessage></X>', fault],
  ])('in %s', async (_where, body, expected) => {
    expect((await errorOf(answered('/sites', body, 400).sites())).faults).toEqual([expected]);
  });
});
