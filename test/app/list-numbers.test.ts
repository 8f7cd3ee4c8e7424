import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { makeStock } from '../support/disconnect-steps.js';
import { answerTo, bought, HOUR, plain, said, walked } from '../support/inventory.js';
import { asRead, CHANNEL, people, setups, startWorld, type World } from '../support/world.js';

let world: World;

const stock = makeStock(25);

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  afterEach(() => world.close());

  test('Dan lists the account: who ordered what, where it is, and what nobody ordered here', async () => {
    world = await startWorld({
      mode,
      version,
      clockStands: true,
      bandwidth: { inService: { ours: stock.all } },
    });
    const { dan, slack } = world;
    const early = await said(world, 'list', dan);
    expect(early).toContain("I'm still reading the account's numbers from Bandwidth.");
    expect(early).not.toContain('no numbers');
    await walked(world);

    const card = await bought(world, '910-241-4365 910-317-4992');
    const answer = await answerTo(world, 'list 910-241', dan);
    expect(plain(answer)).toContain('Numbers in 910-241 · 1');
    expect(plain(answer)).toContain('(910) 241-4365');
    expect(plain(answer)).toContain('requested by @ana · approved by @ben · Card');
    expect(plain(answer)).toContain('New support line');
    expect(plain(answer)).toContain('Raleigh office');
    expect(plain(answer)).toMatch(/As of .*, and orders here since\./);
    expect(JSON.stringify(answer)).toContain(`/archives/${CHANNEL}/p${card.ts.replace('.', '')}|Card>`);

    // Nothing else was bought, so the totals explain why the account is read again.
    world.goesBy(HOUR);
    await walked(world);
    const pages = await answerTo(world, 'list 910', dan);
    expect(plain(pages)).toContain('Numbers in 910 · 1–10 of 27');
    expect(plain(pages)).toContain('Fayetteville, NC');
    await dan.presses(pages, 'More');
    await slack.until(() => plain(latest(dan)).includes('11–20 of 27'), { describe: 'the second page' });
    expect(plain(latest(dan))).toContain('not ordered here');
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });
});

const latest = (person: World['ana']) => {
  const message = person.ephemerals(CHANNEL).at(-1);
  if (message === undefined) throw new Error(`${person.name} has no answer`);
  return message;
};

describe('Of an account with thirty numbers, two of them bought here,', () => {
  const ours = makeStock(28);
  beforeAll(async () => {
    world = await startWorld({ clockStands: true, bandwidth: { inService: { ours: ours.all } } });
    await walked(world);
    await bought(world, '910-241-4365 910-317-4992');
    await walked(passed(HOUR));
  });
  afterAll(() => world.close());

  test.each([
    ['list', 'Numbers on the account · 1–10 of 30'],
    ['list 910', 'Numbers in 910 · 1–10 of 30'],
    ['list (910) 242-00', 'Numbers in 910-242-00 · 1–10 of 28'],
    ['list +1 910 317 4992', 'Numbers in 910-317-4992 · 1'],
    ['list NC', 'Numbers in NC · 1–10 of 30'],
    ['list fayetteville, north carolina', 'Numbers in Fayetteville, NC · 1–'],
    ['list Raleigh office', 'Numbers in “Raleigh office” · 1–10 of 30'],
    ['list sub-account 461', 'Numbers in “461” · 1–10 of 30'],
    ['list main sip trunk', 'Numbers in “main sip trunk” · 1–10 of 30'],
    ['list unexplained', 'Numbers that nobody ordered here · 1–10 of 28'],
    ['list @ana', 'Numbers requested by @ana · 1–2 of 2'],
    ['list me', 'Numbers requested by @ana · 1–2 of 2'],
    ['list @ben', 'Numbers requested by @ben: none in service.'],
    ['list 415', 'Numbers in 415: none in service.'],
    ['list Boston office', 'Numbers in “Boston office”: none in service.'],
    ['list CA', 'Numbers in CA: none in service.'],
    ['list 91O', "91O isn't the beginning of a phone number. Did you mean /numbers list 910?"],
    ['list 910-241-43655', 'is longer than a phone number'],
    ['list Raleigh, XX', "XX isn't a US state or Canadian province."],
    ['list @nobody', "I don't know @nobody."],
    ['list *bold* <b>', 'Numbers in “*bold* <b>”: none in service.'],
    ['inventory', 'Did you mean  /numbers list?'],
  ])('%s shows %s', async (words, expected) => {
    const answer = asRead(asPlainText(await answerTo(world, words))).replace(/`/g, '');
    expect(answer.replace(/(^|\s)\*(.+?)\*(?= ·|\n|$)/, '$1$2')).toContain(expected);
  });

  test('Dan gets a file with all of them, and sees its progress', async () => {
    const { dan, slack } = world;
    const list = await answerTo(world, 'list', dan);
    await dan.presses(list, 'CSV');
    await slack.until(() => plain(latest(dan)).includes('as a CSV file in a direct message'), {
      describe: 'the end of the file',
    });
    expect(plain(latest(dan))).toContain('Numbers on the account · 1–10 of 30');
    const file = dan.directMessages().at(-1)?.files[0];
    expect(file?.name).toMatch(/^numbers-\d{4}-\d\d-\d\d\.csv$/);
    const [head, ...rows] = (file?.text ?? '').trim().split('\r\n');
    expect(head).toContain('number,city,state,rate center,status,sub-account,sub-account id,location');
    expect(rows).toHaveLength(30);
    expect(rows[0]).toContain(
      '9102414365,FAYETTEVILLE,NC,FAYETTEVL,Inservice,Raleigh office,461,Main SIP trunk,651681',
    );
    expect(rows[0]).toContain(`yes,${people.ana.id},`);
    expect(rows[0]).toContain(`New support line,${people.ben.id},`);
    expect(rows[1]).toContain(',no,');
    expect([...rows].sort()).toEqual(rows);
  });

  test('Dan sees which are on the account without being in service', async () => {
    const { bandwidth, dan } = world;
    const [number = ''] = ours.take(1);
    bandwidth.attach(number, { unrouted: true });
    // At night the account is read although its totals are the same.
    await walked(passed(24 * HOUR));
    const list = await answerTo(world, `list ${number}`, dan);
    expect(plain(list)).toMatch(/\(910\) 242-0000.*not in service/);
    expect(plain(await answerTo(world, 'list 910-242-0001', dan))).not.toContain('not in service');
  });

  test('Dan types that he wants a file, and gets it', async () => {
    const { dan } = world;
    const before = dan.directMessages().length;
    expect(await said(world, 'list unexplained csv', dan)).toContain('I sent you 28 numbers as a CSV file');
    expect(dan.directMessages().slice(before)[0]?.files[0]?.name).toMatch(/^numbers-unexplained-/);
    expect(await said(world, 'list 415 csv', dan)).toContain('No number matches, so there is no file.');
  });

  test('Ana sees them in older blocks when Slack refuses the table', async () => {
    world.slack.fail('response_url', { status: 400 });
    const answer = await answerTo(world, 'list 910-317');
    expect(JSON.stringify(answer.blocks)).not.toContain('data_table');
    expect(plain(answer)).toContain(
      '(910) 317-4992 · Fayetteville, NC · Raleigh office / Main SIP trunk · since',
    );
    expect(plain(answer)).toContain('requested by @ana · approved by @ben · Card · “New support line”');
  });

  test('everything is said in the text too, for notifications and old clients', async () => {
    const { text } = await answerTo(world, 'list 910-317');
    for (const fact of [
      '(910) 317-4992',
      'Fayetteville, NC',
      'Raleigh office',
      people.ana.id,
      people.ben.id,
      'New support line',
      '|Card>',
      'As of',
    ]) {
      expect(text).toContain(fact);
    }
  });
});

/** The same world, so much later. */
function passed(ms: number): World {
  world.goesBy(ms);
  return world;
}
