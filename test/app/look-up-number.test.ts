import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { disconnectAsked, makeStock, shown } from '../support/disconnect-steps.js';
import { asRead, CHANNEL, people, setups, startWorld, type World } from '../support/world.js';

const STRANGERS = '9735430199';
const NOBODYS = '2125550142';

let world: World;

/** The answer that somebody alone gets to what they type. */
async function answerTo(words: string, person = world.ana): Promise<Message> {
  const before = person.ephemerals(CHANNEL).length;
  await person.types(CHANNEL, `/numbers ${words}`);
  return world.slack.until(() => person.ephemerals(CHANNEL)[before], { describe: `an answer to ${words}` });
}

const said = async (words: string, person = world.ana): Promise<string> =>
  plain(await answerTo(words, person));

/** Without formatting. */
const plain = (message: Message): string => asRead(asPlainText(message)).replace(/[*`]/g, '');

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  afterEach(() => world.close());

  test('Dan finds out who ordered a number, why, who approved it, and where its card is; Ana disconnects it from there', async () => {
    world = await startWorld({ mode, version, settings: { UNDO_WINDOW: '0' } });
    const { ana, ben, dan, bandwidth, slack, says } = world;
    expect(await said('who 910-241-4365')).toContain("isn't on your account.");
    const card = await world.requested('910-241-4365 910-317-4992');
    await ben.presses(card, 'Approve & order');
    await says(card, 'Complete: 2 of 2 numbers');
    const order = bandwidth.orders()[0]?.id ?? 'no order';
    bandwidth.attach('9102414365', { e911: true, messaging: true });

    const answer = await said('who 910-241-4365', dan);
    expect(answer).toContain('(910) 241-4365 is in service on your account.');
    expect(answer).toContain('Place: Fayetteville, NC · rate center FAYETTEVL');
    expect(answer).toContain('Sub-account: Raleigh office (461)');
    expect(answer).toContain('Location: Main SIP trunk (651681)');
    expect(answer).toMatch(/^In service since: \d{4}-\d\d-\d\d$/m);
    expect(answer).toContain(`Bandwidth order: ${order} (new number order, `);
    expect(answer).toContain('E911: yes');
    expect(answer).toContain('Messaging: yes');
    expect(answer).toContain('✅ Complete: 2 of 2 numbers in 910');
    expect(answer).toMatch(/^Requested by @ana, .*: “New support line”$/m);
    expect(answer).toMatch(/^Approved by @ben, /m);
    expect(answer).toMatch(/^Delivered /m);
    expect(inFull(dan.ephemerals(CHANNEL).at(-1))).toContain(
      `/archives/${CHANNEL}/p${card.ts.replace('.', '')}|Card>`,
    );

    const again = await answerTo('who 910-241-4365');
    await ana.presses(again, 'Disconnect…');
    const form = await ana.form();
    expect(form.value('Numbers')).toBe('910-241-4365');
    await form.fill('Reason', 'Nobody calls it');
    await form.fill('Confirmation', '4365');
    expect(await form.submit()).toBe('closed');
    const disconnect = await world.message('Disconnect: 1 number — waiting for approval');
    expect(await said('who 910-241-4365')).toContain('Waiting: 0 of 1 approval');
    await ben.presses(disconnect, 'Approve & disconnect');
    await says(disconnect, 'Disconnected: 1 of 1 number');

    const after = await said('who +1 (910) 241-4365');
    expect(after).toContain(
      "(910) 241-4365 is on your account, but not in service. Bandwidth's status for it is Aging. A released number can usually be reordered for about 30 days.",
    );
    expect(after.indexOf('Disconnected: 1 of 1 number')).toBeLessThan(
      after.indexOf('Complete: 2 of 2 numbers'),
    );
    expect(after).not.toContain('[Disconnect…]');
    expect(slack.messages(CHANNEL)).toHaveLength(2);
  });
});

function inFull(message: Message | undefined): string {
  return JSON.stringify(message);
}

describe('Ana looks up', () => {
  const stock = makeStock(40);
  beforeAll(async () => {
    world = await startWorld({
      settings: { UNDO_WINDOW: '0', MAX_NUMBERS_PER_ORDER: '150' },
      bandwidth: { inService: { ours: stock.all, strangers: [STRANGERS] } },
    });
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.bandwidth.failNothing();
    world.bandwidth.set({ lacksRoles: [] });
    world.slack.workspace.clearModals(people.ana.id);
  });

  test('a number that was on the account before the app, and is told that no order explains it', async () => {
    const number = stock.one();
    const answer = await said(`who ${number}`);
    expect(answer).toContain(`${shown(number)} is in service on your account.`);
    expect(answer).toContain('E911: no');
    expect(answer).toContain('Messaging: no');
    expect(answer).not.toContain('Campaign');
    expect(answer).toContain('None of my orders explains this number.');
    expect(answer).toContain('[Disconnect…]');
  });

  test.each(['who has %s?', 'who is %s', 'who ordered %s', 'WHO: %s', '%s'])(
    'one of our numbers with “%s”',
    async (words) => {
      const number = stock.all[0] ?? '';
      expect(await said(words.replace('%s', number))).toContain(
        `${shown(number)} is in service on your account.`,
      );
    },
  );

  test.each(['whois', 'whose', 'owner', 'info', 'lookup', 'details'])(
    '“%s 910…”, and is asked: did you mean who?',
    async (word) => {
      const answer = await said(`${word} ${stock.all[0]}`);
      expect(answer).toContain('Did you mean');
      expect(answer).toContain('/numbers who 910-242-0000');
    },
  );

  test('a number of another customer, and learns nothing about them', async () => {
    const answer = await said(`who ${STRANGERS}`);
    expect(answer).toContain(
      "(973) 543-0199 is on another Bandwidth account, so you can't order or disconnect it.",
    );
    expect(answer).not.toContain('Sub-account');
    expect(answer).not.toContain('E911');
    expect(answer).not.toContain('9900999');
    expect(answer).not.toContain('[');
  });

  test('a number that can be ordered, and orders it from there', async () => {
    const answer = await answerTo('who 9194392566');
    expect(plain(answer)).toContain(
      "(919) 439-2566 isn't on your account. Bandwidth's status for it is Available. Bandwidth offers it: you can order it.",
    );
    await world.ana.presses(answer, 'Order…');
    const form = await world.ana.form();
    expect(form.asPlainText()).toContain('(919) 439-2566');
  });

  test('a number that no one has, and is told that Bandwidth has no record of it', async () => {
    expect(await said(`who ${NOBODYS}`)).toContain(
      "(212) 555-0142 isn't on your account, and Bandwidth has no record of it. Bandwidth doesn't offer it right now.",
    );
  });

  test('a toll-free number, which has no city', async () => {
    const answer = await said('who 833-749-9246');
    expect(answer).toContain("(833) 749-9246 isn't on your account.");
    expect(answer).not.toContain('Place');
  });

  test('a whole number without a verb that isn’t ours: it is still a search that says how to order it', async () => {
    expect(await said('(919) 439-2566')).toContain('To order just that one: /numbers order (919) 439-2566');
  });

  test('ten numbers at once, each with what matters and its button', async () => {
    const numbers = stock.all.slice(0, 9);
    const answer = await answerTo(`who ${numbers.join(', ')} ${STRANGERS}`);
    const text = plain(answer);
    for (const number of numbers) expect(text).toContain(`${shown(number)} is in service on your account.`);
    expect(text).toContain('(973) 543-0199 is on another Bandwidth account');
    expect(text.match(/\[Disconnect…\]/g)).toHaveLength(9);
    expect(text).toContain('Fayetteville, NC · Raleigh office (461) · Main SIP trunk (651681)');
  });

  test.each([
    ['who', 'Which number? Type the whole number, such as /numbers who 910-241-4365.'],
    ['who ,', 'Which number?'],
    ['who 910-241', '“910-241” is only part of a number'],
    ['who knows', "“knows” isn't a phone number."],
    ['who <!channel>', "isn't a phone number."],
    ['who +44 20 7946 0958', "isn't a US or Canadian number"],
  ])('“%s”, and is told what to type', async (words, sentence) => {
    const answer = await said(words);
    expect(answer).toContain(sentence);
    expect(answer).toContain('/numbers who 910-241-4365');
  });

  test('5,000 pasted numbers, and is told how many are allowed', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `910${5_550_000 + index}`).join('\n');
    expect(await said(`who ${many}`)).toContain('I can look up 10 numbers at a time, and you typed 5,000.');
    expect(world.bandwidth.requests.filter(({ path }) => path.includes('/tns/9105'))).toEqual([]);
  });

  test('a number to order that is already ours, and sees it instead of a form', async () => {
    const number = stock.one();
    const answer = await said(`order ${number}`);
    expect((await world.ana.form()).asPlainText()).toContain(
      'This number is already on your account. Nothing was ordered.',
    );
    expect(answer).toContain('This number is already on your account. Nothing was ordered.');
    expect(answer).toContain('Sub-account: Raleigh office (461)');
  });

  describe('while Bandwidth', () => {
    test('refuses the role for numbers: the list of numbers in service answers, and the role is named', async () => {
      world.bandwidth.set({ lacksRoles: ['Numbers'] });
      const number = stock.one();
      const answer = await said(`who ${number}`);
      expect(answer).toContain(`${shown(number)} is in service on your account.`);
      expect(answer).toContain('E911, messaging and campaign: not known');
      expect(answer).toContain('My credentials need the roles Ordering and Numbers');
      expect(await said(`who ${STRANGERS}`)).toContain(
        "(973) 543-0199 isn't in service on your account. I don't know whether it's on another one.",
      );
    });

    test('refuses both roles: nothing is claimed', async () => {
      world.bandwidth.set({ lacksRoles: ['Numbers', 'InService'] });
      const number = stock.one();
      const answer = await said(`who ${number}`);
      expect(answer).toContain(`I couldn't look up ${shown(number)} at Bandwidth.`);
      expect(answer).toContain('My credentials need the roles');
      expect(answer).not.toContain('explains');
    });

    test('answers one of two lookups: that part is shown, and what is missing is named', async () => {
      world.bandwidth.fail({ path: /\/tndetails$/, how: 500, times: 50 });
      const number = stock.one();
      const answer = await said(`who ${number}`);
      expect(answer).toContain(`${shown(number)} is in service on your account.`);
      expect(answer).toContain('Sub-account: Raleigh office (461)');
      expect(answer).toContain('Not everything could be looked up. Bandwidth is having problems (HTTP 500).');
      expect(answer).toContain('E911, messaging and campaign: not known');
    });

    test('is rate-limiting: our own records are shown', async () => {
      const number = stock.one();
      await disconnectAsked(world, number);
      world.bandwidth.fail({ path: /\/tns\//, how: 429, times: 50, resetSeconds: 1 });
      const answer = await said(`who ${number}`);
      expect(answer).toContain('Bandwidth is getting too many requests');
      expect(answer).toContain('Disconnect: 1 number — waiting for approval');
      expect(answer).not.toContain('[Disconnect…]');
    });

    test('sends a proxy’s web page: it isn’t taken for a "no"', async () => {
      world.bandwidth.fail({ path: /\/tns\//, how: 'html', times: 50 });
      expect(await said(`who ${stock.one()}`)).toContain("Bandwidth sent an answer I can't read");
    });
  });

  test('numbers with messaging, a campaign and E911, and reads three answers: yes, no, not known', async () => {
    const [text = '', plainText = '', late = '', emergency = '', shared = ''] = stock.take(5);
    const { bandwidth } = world;
    bandwidth.attach(text, {
      messaging: true,
      campaign: { id: 'CB7T2QK', messageClass: 'M', provisioned: true },
    });
    bandwidth.attach(plainText, { messaging: true });
    bandwidth.attach(late, { messaging: true, campaign: { id: 'CB7T2QK', provisioned: false } });
    bandwidth.attach(emergency, { e911: true });
    bandwidth.attach(shared, { hosted: ['messaging', 'E911'] });
    const first = await said(`who ${text}`);
    expect(first).toMatch(/^E911: no$/m);
    expect(first).toMatch(/^Messaging: yes$/m);
    expect(first).toMatch(/^Campaign: CB7T2QK, class M; fully provisioned$/m);
    expect(await said(`who ${plainText}`)).toMatch(/^Campaign: the default of its location$/m);
    expect(await said(`who ${late}`)).toMatch(/^Campaign: CB7T2QK; not fully provisioned yet$/m);
    const fourth = await said(`who ${emergency}`);
    expect(fourth).toMatch(/^E911: yes$/m);
    // The address is nobody's business here.
    expect(fourth).not.toContain('Fayetteville St');
    expect(await said(`who ${shared}`)).toMatch(/^Another account runs on it: E911 and messaging$/m);
  });

  test('a number whose services Bandwidth does not list: they are not known', async () => {
    const number = stock.one();
    world.bandwidth.fail({
      path: `/tns/${number}/tndetails`,
      how: 200,
      says: `<TelephoneNumberResponse><TelephoneNumberDetails><FullNumber>${number}</FullNumber><Status>Inservice</Status><AccountId>${world.bandwidth.accountId}</AccountId></TelephoneNumberDetails></TelephoneNumberResponse>`,
    });
    const answer = await said(`who ${number}`);
    for (const name of ['E911', 'Messaging', 'Campaign']) {
      expect(answer).toContain(`${name}: not known (Bandwidth doesn't say)`);
    }
  });

  test('a number in a sub-account that was deleted', async () => {
    const number = stock.one();
    const { accountId } = world.bandwidth;
    for (const [path, inside] of [
      [
        `/tns/${number}/tndetails`,
        `<TelephoneNumberDetails><FullNumber>${number}</FullNumber><Status>Inservice</Status><AccountId>${accountId}</AccountId></TelephoneNumberDetails>`,
      ],
      [
        `/tns/${number}`,
        `<TelephoneNumber>${number}</TelephoneNumber><Status>Inservice</Status><SiteId>999</SiteId><AccountId>${accountId}</AccountId>`,
      ],
    ] as const) {
      world.bandwidth.fail({
        path,
        how: 200,
        says: `<TelephoneNumberResponse>${inside}</TelephoneNumberResponse>`,
      });
    }
    expect(await said(`who ${number}`)).toContain('Sub-account: 999 (no longer on the account)');
  });

  test('a number while response_url does not work: the answer is an ephemeral message', async () => {
    const number = stock.one();
    world.slack.fail('response_url', { status: 404, error: 'expired_url' });
    expect(await said(`who ${number}`)).toContain(`${shown(number)} is in service on your account.`);
  });
});

describe('While Bandwidth does not answer', () => {
  beforeAll(async () => {
    world = await startWorld({ clockStands: true, bandwidth: { inService: { ours: ['9102420000'] } } });
  });
  afterAll(() => world.close());

  test('the order form opens without waiting for it', async () => {
    world.bandwidth.fail({ path: /\/tns/, how: 'hang', times: 50 });
    await world.ana.types(CHANNEL, '/numbers order 910-242-0000');
    expect((await world.ana.form()).asPlainText()).toContain('Sub-account');
  });
});

describe('Where the policy allows one number a day', () => {
  const [first, second] = ['9102420000', '9102420001'] as const;
  beforeAll(async () => {
    world = await startWorld({
      settings: { MAX_NUMBERS_PER_DAY: '1' },
      bandwidth: { inService: { ours: [first, second] } },
    });
  });
  afterAll(() => world.close());

  test('Disconnect… beside a number answers as the command does, and opens no form', async () => {
    const card = await disconnectAsked(world, first);
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, 'will be disconnected');
    const answer = await answerTo(`who ${second}`);
    const before = world.ana.ephemerals(CHANNEL).length;
    await world.ana.presses(answer, 'Disconnect…');
    const refused = await world.slack.until(() => world.ana.ephemerals(CHANNEL)[before], {
      describe: 'the refusal',
    });
    expect(plain(refused)).toMatch(/limit/);
  });
});
