import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Form, mentionsIn } from '../../sandbox/local-slack/local-slack.js';
import {
  cardOf,
  disconnectApproved,
  disconnectAsked,
  disconnectForm,
  makeStock,
  orderIdOn,
  shown,
  threadOf,
  timesSent,
  toldBy,
} from '../support/disconnect-steps.js';
import { requestsForPeople } from '../support/search-steps.js';
import { asRead, CHANNEL, people, setups, startWorld, type World } from '../support/world.js';

const STRANGERS = '9735430199';
const NOBODYS = '2125550142';

let world: World;

const isSilent = async (deed: () => Promise<unknown>): Promise<void> => {
  const before = world.slack.messages(CHANNEL).length;
  await deed();
  expect(world.slack.messages(CHANNEL)).toHaveLength(before);
};

/** The form is refused with this sentence, at once or, on a slow machine, after looking up; nothing is posted. */
async function isRefused(form: Form, sentence: string): Promise<void> {
  await isSilent(async () => {
    expect(['errors', 'updated']).toContain(await form.submit());
    await world.slack.until(
      () => form.errors.Numbers === sentence || asRead(form.asPlainText()).includes(sentence),
      { describe: `“${sentence}” in the form` },
    );
  });
}

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  afterEach(() => world.close());

  test('Ana disconnects one of two numbers she ordered; Ben approves; she undoes it; then it goes through', async () => {
    world = await startWorld({ mode, version, settings: { UNDO_WINDOW: '1s' } });
    const { ana, ben, bandwidth, says } = world;
    const bought = await world.requested('910-241-4365 910-317-4992');
    await ben.presses(bought, 'Approve & order');
    await says(bought, 'Complete: 2 of 2 numbers');
    const order = bandwidth.orders()[0]?.id ?? 'no order';

    const first = await disconnectAsked(world, '910-241-4365');
    expect(asPlainText(first)).toContain('Disconnect: 1 number — waiting for approval');
    expect(asPlainText(first)).toMatch(
      new RegExp(
        `^• \\(910\\) 241-4365 — Fayetteville, NC · Raleigh office \\(461\\) · Main SIP trunk \\(651681\\) · since \\d{4}-\\d\\d-\\d\\d by order ${order} · no E911, no messaging$`,
        'm',
      ),
    );
    await ben.presses(first, 'Approve & disconnect');
    await says(first, 'Approved: 1 number will be disconnected');
    await ana.presses(first, 'Undo');
    await says(first, 'Undone: disconnect of 1 number');
    expect(timesSent(world)).toBe(0);

    const second = await disconnectAsked(world, '910-241-4365');
    await ben.presses(second, 'Approve & disconnect');
    await says(second, 'Disconnected: 1 of 1 number');
    expect(await threadOf(world, second, 2)).toEqual([
      expect.stringMatching(
        /^Approved by @ben\. 1 number will be disconnected .*; until then \*Undo\* on the card stops it\.$/,
      ),
      '@ana your number is disconnected: (910) 241-4365\nA released number can usually be reordered for about 30 days.',
    ]);
    expect(asPlainText(second)).not.toContain('[');
    expect(timesSent(world)).toBe(1);
    expect(bandwidth.disconnects()).toMatchObject([
      { status: 'COMPLETE', numbers: ['9102414365'], customerOrderId: orderIdOn(second) },
    ]);
    expect(bandwidth.numbersInService()).toEqual(['9103174992']);
    await says(first, 'Undone');
  });
});

describe('Ana asks to disconnect', () => {
  const stock = makeStock(200);
  const ours = stock.all;
  beforeAll(async () => {
    world = await startWorld({
      settings: { UNDO_WINDOW: '0', MAX_NUMBERS_PER_ORDER: '150' },
      bandwidth: { inService: { ours, strangers: [STRANGERS] } },
    });
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.bandwidth.failNothing();
    world.slack.workspace.clearModals(world.ana.id);
  });

  test.each([
    '9102420000',
    '+19102420000',
    '19102420000',
    '+1 (910) 242-0000',
    '(910)242-0000',
    '910.242.0000',
    '910 242 0000',
    '1-910-242-0000',
    '910/242-0000',
    'tel:+1-910-242-0000',
    '９１０２４２００００',
    '910‑242–0000',
    '`910-242-0000`',
    '"910-242-0000"',
    '• 910-242-0000',
    '9102420000, 910-242-0000; +1 910 242 0000',
  ])('a number spelled %s', async (words) => {
    await world.ana.types(CHANNEL, `/numbers disconnect ${words}`);
    const form = await world.ana.form();
    expect(form.value('Numbers')).toBe('910-242-0000');
    expect(form.value('Name')).toBe('Disconnect 1 number in 910');
  });

  test.each([
    ['9102420000 +1 (910) 242-0001, 910.242.0002'],
    ['9102420000\n(910) 242-0001\n\n910 242 0002\n'],
    ['- 910-242-0000\n- 910-242-0001\n- 910-242-0002'],
    ['"9102420000"\t"9102420001"\t"9102420002"'],
    ['910-242-0000 and 910-242-0001 & 910-242-0002'],
    ['910 242 0000 910 242 0001 910 242 0002'],
  ])('several numbers, written %j', async (words) => {
    await world.ana.types(CHANNEL, `/numbers disconnect ${words}`);
    const form = await world.ana.form();
    expect(form.value('Numbers')).toBe('910-242-0000\n910-242-0001\n910-242-0002');
  });

  test.each([
    ['nothing but a comma', ',', 'Enter the numbers to disconnect.'],
    ['part of a number', '910242', '“910242” is only part of a number: I need all ten digits of each.'],
    ['half a number with spaces', '910 242 000', '“910 242 000” is only part of a number'],
    ['a digit too many', '91024200001', '“91024200001” has 11 digits, and a number has ten.'],
    ['a number no area code has', '1102420000', "“1102420000” isn't a valid phone number."],
    ['a letter for a digit', '910242OOOO', "“910242OOOO” isn't a phone number."],
    ['a word', 'all', "“all” isn't a phone number."],
    ['a number of London', '+44 20 7946 0958', "“+44 20 7946 0958” isn't a US or Canadian number."],
    ['a number and a prefix', '9102420000 910', '“910” is only part of a number'],
    [
      'two wrong ones',
      '910, 919',
      "“910” is only part of a number: I need all ten digits of each. I can't read 1 more either.",
    ],
    ['everybody', '<!channel>', "“<!channel>” isn't a phone number."],
  ])('%s: she is told so, as a command and in the form', async (_, words, sentence) => {
    const asked = requestsForPeople(world).length;
    const answer = await world.ana.types(CHANNEL, `/numbers disconnect ${words}`);
    expect(asPlainText(answer)).toContain(sentence);
    expect(asPlainText(answer)).toContain('Nothing was done.');
    expect(mentionsIn(answer)).toEqual([]);
    expect(world.ana.hasForm()).toBe(false);

    await world.ana.types(CHANNEL, '/numbers disconnect');
    const form = await world.ana.form();
    await form.fill('Numbers', words);
    await form.fill('Reason', 'No more');
    await form.fill('Confirmation', '1');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ Numbers: expect.stringContaining(sentence) });
    expect(requestsForPeople(world)).toHaveLength(asked);
  });

  test('with the form alone, where she fills in everything', async () => {
    const [one, two] = stock.take(2);
    await world.ana.types(CHANNEL, '/numbers disconnect');
    const form = await world.ana.form();
    expect(form.labels()).toEqual(['Numbers', 'Confirmation', 'Name', 'Reason', 'Mode', 'Protected']);
    expect(await form.submit()).toBe('errors');
    expect(Object.keys(form.errors)).toEqual(['Numbers', 'Confirmation', 'Reason']);
    expect([form.value('Mode'), form.value('Protected')]).toEqual(['Normal', 'Unchanged']);
    await form.fill('Numbers', `${one}\n${two}\n`);
    await form.fill('Name', 'Old line');
    await form.fill('Reason', 'Nobody calls it');
    await form.choose('Mode', 'Soft-remove');
    await form.choose('Protected', 'Not protected');
    await form.fill('Confirmation', '2');
    const shownOnCard = asPlainText(await cardOf(world, form));
    for (const words of [
      'Disconnect: 2 numbers — waiting for approval',
      'Requested by:* @ana',
      'Name:* Old line',
      'Mode:* ⚠️ Soft-remove.',
      'Protected:* Not protected',
      '> Nobody calls it',
      '[Approve & disconnect] [Decline…] [Edit…] [Cancel]',
    ]) {
      expect(shownOnCard).toContain(words);
    }
  });

  test('a name of fifty characters, and not one more', async () => {
    const form = await disconnectForm(world, stock.one());
    await form.fill('Name', 'x'.repeat(51));
    expect(await form.submit()).toBe('errors');
    expect(Object.keys(form.errors)).toEqual(['Name']);
    await form.fill('Name', 'x'.repeat(50));
    expect(asPlainText(await cardOf(world, form))).toContain(`Name:* ${'x'.repeat(50)}`);
  });

  test('one number, and has to type its last four digits', async () => {
    const number = stock.one();
    const form = await disconnectForm(world, number);
    for (const wrong of ['1', '0000', number, number.slice(-3), 'yes', `${number.slice(-4)}1`]) {
      await isSilent(async () => {
        await form.fill('Confirmation', wrong);
        expect(await form.submit()).toBe('errors');
      });
      expect(form.errors).toEqual({
        Confirmation: "These aren't the last four digits of the number.",
      });
    }
    await form.fill('Confirmation', ` ${number.slice(-4)} `);
    await cardOf(world, form);
  });

  test('several numbers, and has to type how many different ones there are', async () => {
    const [one = '', two = '', three = ''] = stock.take(3);
    const form = await disconnectForm(world, `${one} ${two}`);
    await form.fill('Numbers', `${one}\n${two}\n${shown(one)}\n${three}`);
    for (const wrong of ['2', '4', three.slice(-4), 'three', '03']) {
      await isSilent(async () => {
        await form.fill('Confirmation', wrong);
        expect(await form.submit()).toBe('errors');
      });
      expect(form.errors).toEqual({
        Confirmation: 'These are 3 different numbers. If you mean all of them, type 3.',
      });
    }
    await form.fill('Confirmation', '3');
    expect(asPlainText(await cardOf(world, form))).toContain('Disconnect: 3 numbers');
  });

  test('someone else’s number and one that nobody has: both are named, nothing is posted, not even for the one that is hers', async () => {
    const number = stock.one();
    const form = await disconnectForm(world, `${number} ${STRANGERS} ${NOBODYS}`);
    await isSilent(async () => expect(await form.submit()).toBe('errors'));
    expect(form.errors).toEqual({
      Numbers: `Not on your Bandwidth account: ${shown(STRANGERS)}, ${shown(NOBODYS)}.`,
    });
    await form.fill('Numbers', number);
    await form.fill('Confirmation', number.slice(-4));
    await cardOf(world, form);
  });

  test('a number that is out of service already', async () => {
    const number = stock.one();
    await world.says(await disconnectApproved(world, number), 'Disconnected: 1 of 1 number');
    const form = await disconnectForm(world, number);
    await isSilent(async () => expect(await form.submit()).toBe('errors'));
    expect(form.errors).toEqual({ Numbers: `Not in service (Bandwidth says Aging): ${shown(number)}.` });
  });

  test('a number that someone else has asked to disconnect: only once that is declined', async () => {
    const number = stock.one();
    const hers = await disconnectAsked(world, number, { person: world.cleo });
    const form = await disconnectForm(world, `${number} ${stock.one()}`);
    await isSilent(async () => expect(await form.submit()).toBe('errors'));
    expect(form.errors).toEqual({ Numbers: `Already in another open order: ${shown(number)}.` });
    await world.ben.presses(hers, 'Decline…');
    const why = await world.ben.form();
    expect(asRead(why.asPlainText())).toContain('@cleo requested');
    await why.fill('Why?', 'Still printed on the vans');
    expect(await why.submit()).toBe('closed');
    await world.says(hers, 'Declined: disconnect of 1 number');
    await world.says(hers, '@cleo @ben declined your disconnect of 1 number:');
    await cardOf(world, form);
  });

  test('one hundred numbers of which one is not hers: that one is named', async () => {
    const hundred = [...ours.slice(100, 163), STRANGERS, ...ours.slice(163, 199)];
    const form = await disconnectForm(world, hundred.join('\n'));
    expect(form.value('Confirmation')).toBe('100');
    await isRefused(form, `Not on your Bandwidth account: ${shown(STRANGERS)}.`);
  });

  test('one hundred and one of which one is not hers, which are looked up in one request', async () => {
    const before = requestsForPeople(world).length;
    const form = await disconnectForm(world, [...ours.slice(99, 199), STRANGERS].join('\n'));
    await isRefused(form, `Not on your Bandwidth account: ${shown(STRANGERS)}.`);
    expect(
      requestsForPeople(world)
        .slice(before)
        .map(({ method, path }) => `${method} ${path}`),
    ).toEqual(['POST /api/tns']);
  });

  test('more numbers than one order may have', async () => {
    const words = [...ours.slice(0, 150), NOBODYS].join(' ');
    const answer = await world.ana.types(CHANNEL, `/numbers disconnect ${words}`);
    const sentence = 'One order may have at most 150 numbers. Request fewer, or submit several orders.';
    expect(asPlainText(answer)).toBe(sentence);
    const form = await disconnectForm(world, stock.one());
    await form.fill('Numbers', words);
    await form.fill('Confirmation', '151');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ Numbers: sentence });
  });

  test('a number with E911 and one with messaging on it: the approver sees what would stop working', async () => {
    const [emergency = '', messaging = '', both = '', neither = ''] = stock.take(4);
    world.bandwidth.attach(emergency, { e911: true });
    world.bandwidth.attach(messaging, { messaging: true });
    world.bandwidth.attach(both, { e911: true, messaging: true });
    const card = asPlainText(await disconnectAsked(world, [emergency, messaging, both, neither].join(' ')));
    const line = (number: string) => card.split('\n').find((each) => each.includes(shown(number)));
    const since = new Date(Date.now() - 90 * 24 * 3_600_000).toISOString().slice(0, 10);
    expect(line(emergency)).toMatch(/ · ⚠️ E911$/);
    expect(line(messaging)).toMatch(/ · ⚠️ messaging$/);
    expect(line(both)).toMatch(/ · ⚠️ E911 and messaging$/);
    expect(line(neither)).toMatch(/ · no E911, no messaging$/);
    expect(line(neither)).toContain(
      `, NC · Raleigh office (461) · Main SIP trunk (651681) · since ${since} by order `,
    );
  });

  test('ten numbers, all of them on the card; eleven as a summary, and a file in the thread', async () => {
    const ten = stock.take(10);
    const short = await disconnectAsked(world, ten.join(' '));
    for (const number of ten) expect(asPlainText(short)).toContain(`• ${shown(number)} — `);
    const eleven = stock.take(11);
    world.bandwidth.attach(eleven[3] ?? '', { e911: true });
    const long = await disconnectAsked(world, eleven.join(' '));
    const card = asPlainText(long);
    expect(card).toContain('Numbers:* 11, all of them in a file in the thread');
    expect(card).toContain('• Raleigh office (461): 11 numbers');
    expect(card).toContain('• ⚠️ E911 on 1, messaging on 0');
    expect(card).not.toContain(shown(eleven[0] ?? ''));
    expect(await threadOf(world, long, 1)).toEqual([
      'All 11 numbers of this disconnect, and where they are:',
    ]);
    expect(short.replies).toEqual([]);
    const [file] = long.replies[0]?.files ?? [];
    expect(file?.name).toBe(`disconnect-${orderIdOn(long)}.csv`);
    const [head, ...rows] = file?.text.trimEnd().split('\r\n') ?? [];
    expect(head).toBe(
      '\uFEFFnumber,city,state,sub-account,sub-account id,location,location id,in service since,ordered as,E911,messaging',
    );
    expect(rows.map((row) => row.split(',')[0])).toEqual(eleven);
    expect(rows.map((row) => row.split(',').at(-2))).toEqual(
      eleven.map((_, at) => (at === 3 ? 'yes' : 'no')),
    );
    expect(rows[0]).toMatch(/,NC,Raleigh office,461,Main SIP trunk,651681,/);
  });

  test('with a form that is submitted twice: one card', async () => {
    const form = await disconnectForm(world, stock.one(), { reason: 'A nervous finger' });
    await Promise.all([form.submit(), form.submit()]);
    await world.message('A nervous finger');
    await world.ana.types(CHANNEL, '/numbers help');
    const cards = world.slack
      .messages(CHANNEL)
      .filter((each) => asPlainText(each).includes('A nervous finger'));
    expect(cards).toHaveLength(1);
  });

  test('the same number at the same moment as Cleo: whatever is approved, it is disconnected once', async () => {
    const number = stock.one();
    const before = new Set(world.slack.messages(CHANNEL));
    const forms = [
      await disconnectForm(world, number),
      await disconnectForm(world, number, { person: world.cleo }),
    ];
    const submitted = await Promise.all(forms.map((form) => form.submit()));
    const asked = submitted.filter((each) => each === 'closed').length;
    expect(asked).toBeGreaterThan(0);
    for (const form of forms.filter((_, at) => submitted[at] === 'errors')) {
      expect(form.errors).toEqual({ Numbers: `Already in another open order: ${shown(number)}.` });
      await form.close();
    }
    const cards = await world.slack.until(() => {
      const posted = world.slack.messages(CHANNEL).filter((each) => !before.has(each));
      return posted.length === asked && posted;
    });
    await Promise.all(cards.map((card) => world.ben.presses(card, 'Approve & disconnect')));
    const ends = await Promise.all(
      cards.map((card) =>
        world.slack.until(() => /Disconnected: 1 of 1|failed: 0 of 1/.exec(asPlainText(card))?.[0]),
      ),
    );
    expect(ends.filter((end) => end === 'Disconnected: 1 of 1')).toHaveLength(1);
    const done = world.bandwidth.disconnects().filter(({ numbers }) => numbers.includes(number));
    expect(done).toHaveLength(1);
  });
});

describe('When Bandwidth', () => {
  const stock = makeStock(40);
  beforeAll(async () => {
    world = await startWorld({
      settings: { UNDO_WINDOW: '0' },
      bandwidth: { inService: { ours: stock.all, strangers: [STRANGERS] } },
    });
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.bandwidth.failNothing();
    world.slack.workspace.clearModals(world.ana.id);
  });

  test.each([
    ['cannot be reached', 'reset-before-read', "I couldn't reach Bandwidth"],
    ['is broken', 500, 'Bandwidth'],
    ['answers with a gateway’s page', 'html', 'Bandwidth'],
    ['gets too many requests', 429, 'Bandwidth is getting too many requests'],
    ['forbids it', 403, 'role'],
  ] as const)(
    '%s while the numbers are looked up: the form says so, and later it works',
    async (_, how, sentence) => {
      const number = stock.one();
      const form = await disconnectForm(world, number);
      world.bandwidth.fail({ path: /\/tns\//, how, times: 50, resetSeconds: 2 });
      await isSilent(async () => expect(await form.submit()).toBe('errors'));
      expect(form.errors).toEqual({ Numbers: expect.stringContaining(sentence) });
      world.bandwidth.failNothing();
      // Where Bandwidth has named a time, the form waits until then.
      expect(['closed', 'updated']).toContain(await form.submit());
      await world.message(shown(number));
    },
  );

  test('does not say which order put a number into service: the card leaves that out', async () => {
    const number = stock.one();
    world.bandwidth.fail({ path: /\/tns\/\d+$/, how: 500, times: 50 });
    const card = asPlainText(await disconnectAsked(world, number));
    expect(card).toMatch(/ · since \d{4}-\d\d-\d\d · no E911, no messaging$/m);
  });

  test('takes longer than Slack waits: the form waits, says so, and the card is posted', async () => {
    const number = stock.one();
    const form = await disconnectForm(world, number);
    world.bandwidth.fail({ path: /\/tndetails$/, how: 'slow', afterMs: 2_400 });
    expect(await form.submit()).toBe('updated');
    expect(form.asPlainText()).toContain('Looking up 1 number at Bandwidth…');
    await world.slack.until(() => form.asPlainText().includes('Submitted for approval; the card is in #'));
    await world.message(shown(number));
  });

  test('takes long and then says that one is not ours: the form comes back as it was filled in', async () => {
    const number = stock.one();
    const form = await disconnectForm(world, `${number} ${STRANGERS}`);
    await form.choose('Mode', 'Purge');
    world.bandwidth.fail({ path: /\/tndetails$/, how: 'slow', afterMs: 2_400 });
    await isSilent(async () => {
      expect(await form.submit()).toBe('updated');
      await world.slack.until(() =>
        asRead(form.asPlainText()).includes(`Not on your Bandwidth account: ${shown(STRANGERS)}.`),
      );
    });
    expect([form.value('Mode'), form.value('Confirmation')]).toEqual(['Purge', '2']);
    expect(form.value('Reason')).toBe('The campaign is over');
    await form.fill('Numbers', number);
    await form.fill('Confirmation', number.slice(-4));
    await cardOf(world, form);
  });
});

describe('Five thousand numbers', () => {
  afterEach(() => world.close());

  test('are pasted into one form, looked up, listed in a file and disconnected in one go', async () => {
    const { all } = makeStock(5_000);
    world = await startWorld({
      settings: { UNDO_WINDOW: '0', MAX_NUMBERS_PER_ORDER: '5000' },
      bandwidth: { inService: { ours: all } },
    });
    await world.ana.types(CHANNEL, '/numbers disconnect');
    const form = await world.ana.form();
    const inAField = 270;
    for (let at = 0; at * inAField < all.length; at += 1) {
      const label = at === 0 ? 'Numbers' : `Numbers, part ${at + 1}`;
      if (at > 0) {
        await form.press('Add another field');
        await world.slack.until(() => form.labels().includes(label));
      }
      await form.fill(label, all.slice(at * inAField, (at + 1) * inAField).join('\n'));
    }
    await form.fill('Reason', 'The company closes');
    await form.fill('Confirmation', '4,999');
    expect(await form.submit()).toBe('errors');
    await form.fill('Confirmation', '5,000');
    expect(['closed', 'updated']).toContain(await form.submit());
    const card = await world.slack.until(() => world.slack.messages(CHANNEL)[0], {
      describe: 'the card of 5,000 numbers',
    });
    expect(asPlainText(card)).toContain('Disconnect: 5,000 numbers — waiting for approval');
    await threadOf(world, card, 1);
    expect(card.replies[0]?.files[0]?.text.trimEnd().split('\r\n')).toHaveLength(5_001);
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, 'Disconnected: 5,000 of 5,000 numbers');
    await world.says(card, '@ana your 5,000 numbers are disconnected: (910) 242-0000, ');
    expect(world.bandwidth.numbersInService()).toEqual([]);
    expect(timesSent(world)).toBe(1);
  });
});

describe('Who approves a disconnect', () => {
  const stock = makeStock(10);
  const own = 'This is your own request, so someone else has to decide: ';
  const onlyOwn = 'This is your own request, and no one else can decide on it.';
  beforeAll(async () => {
    world = await startWorld({
      settings: { UNDO_WINDOW: '0' },
      bandwidth: { inService: { ours: stock.all } },
    });
  });
  afterAll(() => world.close());

  test('is an approver; not Ana, who requested it, nor Dan, who is not one', async () => {
    const card = await disconnectAsked(world, stock.one());
    expect(await toldBy(world, world.ana, () => world.ana.presses(card, 'Approve & disconnect'))).toBe(
      `${own}@telecom. You can cancel it.`,
    );
    for (const press of ['Approve & disconnect', 'Decline…']) {
      expect(await toldBy(world, world.dan, () => world.dan.presses(card, press))).toBe(
        'Only approvers can decide: @telecom.',
      );
    }
    expect(await toldBy(world, world.dan, () => world.dan.presses(card, 'Cancel'))).toBe(
      'Only @ana and the approvers (@telecom) can cancel this disconnect.',
    );
    const doubted = await world.ana.presses(card, 'Cancel', { confirm: false });
    expect(doubted.asked).toContain('Cancel this disconnect?');
    await world.ana.presses(card, 'Cancel');
    await world.says(card, "Canceled by @ana. This request wasn't sent to Bandwidth.");
    expect(timesSent(world)).toBe(0);
  });

  test('is never the requester alone, whatever ALLOW_SELF_APPROVAL says', async () => {
    await world.restart({ APPROVERS: people.ana.id, ALLOW_SELF_APPROVAL: 'true' });
    const card = await disconnectAsked(world, stock.one());
    expect(await toldBy(world, world.ana, () => world.ana.presses(card, 'Approve & disconnect'))).toContain(
      onlyOwn,
    );
    expect(await toldBy(world, world.ana, () => world.ana.presses(card, 'Decline…'))).toContain(onlyOwn);
    expect(timesSent(world)).toBe(0);
    const order = await world.requested('919');
    await world.ana.presses(order, 'Approve & order');
    await world.says(order, 'Approved by @ana.');
  });

  test('is Ana herself if ALLOW_SELF_APPROVAL_OF_DISCONNECTS says so, which does not apply to orders', async () => {
    await world.restart({ APPROVERS: people.ana.id, ALLOW_SELF_APPROVAL_OF_DISCONNECTS: 'true' });
    const card = await disconnectAsked(world, stock.one());
    await world.ana.presses(card, 'Approve & disconnect');
    await world.says(card, 'Disconnected: 1 of 1 number');
    const order = await world.requested('919');
    expect(await toldBy(world, world.ana, () => world.ana.presses(order, 'Approve & order'))).toContain(
      onlyOwn,
    );
  });

  test('is not Ana when she is no approver, whatever both settings say', async () => {
    await world.restart({ ALLOW_SELF_APPROVAL: 'true', ALLOW_SELF_APPROVAL_OF_DISCONNECTS: 'true' });
    const card = await disconnectAsked(world, stock.one());
    expect(await toldBy(world, world.ana, () => world.ana.presses(card, 'Approve & disconnect'))).toBe(
      'Only approvers can decide: @telecom.',
    );
  });

  test('is anyone but Ana when APPROVERS is *', async () => {
    await world.restart({ APPROVERS: '*' });
    const card = await disconnectAsked(world, stock.one());
    expect(await toldBy(world, world.ana, () => world.ana.presses(card, 'Approve & disconnect'))).toContain(
      own,
    );
    await world.dan.presses(card, 'Approve & disconnect');
    await world.says(card, 'Disconnected: 1 of 1 number');
  });

  test('is no one when the limit has been lowered below what was requested', async () => {
    await world.restart();
    const card = await disconnectAsked(world, stock.take(3).join(' '));
    await world.restart({ MAX_NUMBERS_PER_ORDER: '2' });
    expect(await toldBy(world, world.ben, () => world.ben.presses(card, 'Approve & disconnect'))).toBe(
      'One order may have at most 2 numbers. Request fewer, or submit several orders.',
    );
  });
});
