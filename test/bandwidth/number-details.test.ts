import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import { aClient, errorOf, HOST, phone, XML } from './support.js';

const NUMBER = '9105550123';

/** Bandwidth's answers about the number: a body with status 200, or another status without one. */
function says(details: string | number, order: string | number = 404): void {
  for (const [path, answer, wrap] of [
    ['/tndetails', details, (inside: string) => `<TelephoneNumberDetails>${inside}</TelephoneNumberDetails>`],
    ['', order, (inside: string) => inside],
  ] as const) {
    const asked = nock(HOST).get(`/api/tns/${NUMBER}${path}`);
    if (typeof answer === 'number') asked.reply(answer);
    else asked.reply(200, `<TelephoneNumberResponse>${wrap(answer)}</TelephoneNumberResponse>`, XML);
  }
}

const inServiceList = (status: number) =>
  nock(HOST).get(`/api/accounts/9900012/inserviceNumbers/${NUMBER}`).reply(status);

const asked = () => aClient().bandwidth.numberDetails(phone(NUMBER));

const OURS = `<FullNumber>${NUMBER}</FullNumber><Status>Inservice</Status><AccountId>9900012</AccountId>`;
const ORDER = `<TelephoneNumber>${NUMBER}</TelephoneNumber><Status>Inservice</Status><AccountId>9900012</AccountId><SiteId>461</SiteId>`;

describe('Where a number is', () => {
  test.each([
    ['in service on the account', OURS, 'in-service'],
    [
      'in the account of the Universal Platform, not routable yet',
      OURS.replace('Inservice', 'InAccount'),
      'in-service',
    ],
    ['released, and kept for the account', OURS.replace('Inservice', 'Aging'), 'not-in-service'],
    ['on another account', OURS.replace('9900012', '9900999'), 'other-account'],
    ['on no account', `<FullNumber>${NUMBER}</FullNumber><Status>Available</Status>`, 'unassigned'],
  ])('%s', async (_, details, whereabouts) => {
    says(details);
    expect(await asked()).toMatchObject({ whereabouts, notRead: [] });
  });

  test.each([
    ['with 404', 404],
    ['with error 12512', 400],
  ])('no record, where Bandwidth answers %s', async (_, status) => {
    if (status === 404) says(404, 404);
    else {
      const invalid =
        '<TelephoneNumberResponse><ResponseStatus><ErrorCode>12512</ErrorCode><Description>not valid</Description></ResponseStatus></TelephoneNumberResponse>';
      nock(HOST)
        .get(/\/api\/tns\//)
        .twice()
        .reply(400, invalid, XML);
    }
    expect(await asked()).toMatchObject({ whereabouts: 'no-record' });
  });

  test.each([
    [200, 'in-service'],
    [404, 'not-in-service-here'],
  ])(
    'by the list of numbers in service (%d), where the role Numbers is missing',
    async (status, whereabouts) => {
      says(403, 403);
      inServiceList(status);
      const details = await asked();
      expect(details).toMatchObject({ whereabouts });
      expect(details.services).toBeUndefined();
      expect(details.notRead).toEqual([expect.stringContaining('need the roles Ordering and Numbers')]);
    },
  );

  test.each([
    ['both roles are missing', 403, 403, 'forbidden'],
    ['Bandwidth is down', 500, undefined, 'broken'],
    ['there are too many requests', 429, undefined, 'throttled'],
  ] as const)('is an error where %s', async (_, status, list, trouble) => {
    says(status, status);
    if (list !== undefined) inServiceList(list);
    expect((await errorOf(asked())).trouble).toBe(trouble);
  });

  test('not known, where neither document names the account and the list fails', async () => {
    says(`<FullNumber>${NUMBER}</FullNumber><Status>Inservice</Status>`);
    inServiceList(500);
    expect(await asked()).toMatchObject({
      whereabouts: 'not-known',
      notRead: [expect.stringContaining('HTTP 500')],
    });
  });

  test('an error, where the answer is about another number', async () => {
    says(OURS.replace(NUMBER, '9105550124'), 500);
    expect((await errorOf(asked())).trouble).toBe('broken');
  });
});

describe('The services of a number', () => {
  const services = async (inside: string) => {
    says(OURS + inside, ORDER);
    return (await asked()).services;
  };
  const VOICE = '<ServiceTypes><ServiceType>Voice</ServiceType></ServiceTypes>';

  test('are not known if Bandwidth lists nothing', async () => {
    expect(await services('')).toEqual({
      voice: 'not-known',
      e911: 'not-known',
      messaging: 'not-known',
      campaign: { state: 'not-known' },
      hosted: [],
      protected: 'not-known',
    });
  });

  test('include neither E911 nor messaging if only voice is listed', async () => {
    expect(await services(`${VOICE}<Features/>`)).toMatchObject({
      voice: 'yes',
      e911: 'no',
      messaging: 'no',
      protected: 'no',
    });
  });

  test.each([
    [
      'an address',
      '<LastE911OrderOutcome>SUCCESS</LastE911OrderOutcome><Address><Zip>27601</Zip></Address>',
      'yes',
    ],
    [
      'a failed change, while the earlier address stands',
      '<LastE911OrderOutcome>FAILED</LastE911OrderOutcome><Address><Zip>27601</Zip></Address>',
      'yes',
    ],
    ['a failed first order', '<LastE911OrderOutcome>FAILED</LastE911OrderOutcome>', 'no'],
  ])('include E911, by %s', async (_, inside, e911) => {
    expect(await services(`${VOICE}<Features><E911>${inside}</E911></Features>`)).toMatchObject({ e911 });
  });

  test.each([
    ['true', 'yes'],
    ['false', 'no'],
    [undefined, 'not-known'],
  ])('include a campaign whose CampaignFullyProvisioned is %s', async (value, provisioned) => {
    const provisioning =
      value === undefined ? '' : `<CampaignFullyProvisioned>${value}</CampaignFullyProvisioned>`;
    expect(
      await services(
        `<MessagingSettings><SmsEnabled>true</SmsEnabled><CampaignId>CB7T2QK</CampaignId><MessageClass>M</MessageClass><A2pState>overridden</A2pState>${provisioning}</MessagingSettings>`,
      ),
    ).toMatchObject({
      messaging: 'yes',
      campaign: { state: 'assigned', id: 'CB7T2QK', messageClass: 'M', provisioned },
    });
  });

  test('include the campaign of its location', async () => {
    expect(
      await services(
        '<MessagingSettings><SmsEnabled>true</SmsEnabled><A2pState>system_default</A2pState></MessagingSettings>',
      ),
    ).toMatchObject({ messaging: 'yes', campaign: { state: 'location-default' } });
  });

  test('leave out messaging that another account runs', async () => {
    expect(
      await services(
        `${VOICE}<HostedTelephoneNumberDetails><HostedTelephoneNumberDetail><AccountId>9900999</AccountId><ServiceTypes><ServiceType>Hosted Messaging</ServiceType></ServiceTypes></HostedTelephoneNumberDetail></HostedTelephoneNumberDetails>`,
      ),
    ).toMatchObject({ messaging: 'no', hosted: ['messaging'] });
  });
});

test('The order behind a number is named, and the place comes from whichever document has it', async () => {
  says(
    500,
    `${ORDER}<InServiceDate>2025-01-02T03:04:05.000Z</InServiceDate><OrderId>e6b1d3f0</OrderId><OrderType>NEW_NUMBER_ORDER</OrderType><OrderCreateDate>2025-01-02T03:00:00.000Z</OrderCreateDate>`,
  );
  expect(await asked()).toEqual({
    number: phone(NUMBER),
    whereabouts: 'in-service',
    status: 'Inservice',
    site: { id: '461', name: '461' },
    inServiceSince: '2025-01-02T03:04:05.000Z',
    lastOrder: { id: 'e6b1d3f0', type: 'NEW_NUMBER_ORDER', createdAt: '2025-01-02T03:00:00.000Z' },
    notRead: [expect.stringContaining('HTTP 500')],
  });
});

test('Only the place is shown of a number on another account', async () => {
  says(
    `${OURS.replace('9900012', '9900999')}<City>RALEIGH</City><State>NC</State><Site><Id>1</Id><Name>Theirs</Name></Site><SipPeer><PeerId>2</PeerId><PeerName>Theirs</PeerName></SipPeer>`,
    `${ORDER.replace('9900012', '9900999')}<OrderId>theirs</OrderId>`,
  );
  expect(JSON.stringify(await asked())).not.toMatch(/theirs|9900999/i);
});
