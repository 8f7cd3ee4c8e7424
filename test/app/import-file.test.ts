import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Form, type PickedFile } from '../../sandbox/local-slack/local-slack.js';
import { cardOf, makeStock, shown } from '../support/disconnect-steps.js';
import { told } from '../support/search-steps.js';
import { asRead, CHANNEL, setups, startWorld, type World } from '../support/world.js';

const SHORTCUT = 'Order from this file';
const FIELD = 'CSV file';

let world: World;

const csv = (...lines: readonly string[]): PickedFile => ({ name: 'places.csv', content: lines.join('\n') });

/** The form that asks for a file, with a file in it. */
async function picked(file: PickedFile, person: World['ana'] = world.ana): Promise<Form> {
  await person.types(CHANNEL, '/numbers import');
  const form = await person.form();
  await form.attach(FIELD, file);
  return form;
}

/** What is in front of somebody once the file has been read. */
async function imported(file: PickedFile, person: World['ana'] = world.ana): Promise<Form> {
  const form = await picked(file, person);
  expect(await form.submit()).toBe('updated');
  await read(form);
  return form;
}

/** Waits until the file was read, which takes a busy machine longer than Slack waits. */
const read = (form: Form) =>
  world.slack.until(() => !form.asPlainText().includes('Reading the file…'), {
    describe: 'the file to be read',
  });

const text = (form: Form) => asRead(form.asPlainText());

const says = (form: Form, words: string) =>
  world.slack.until(() => text(form).includes(words), { describe: `“${words}” in the form` });

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  afterEach(() => world.close());

  test('Ana orders in several places by one file: the form shows each line, and what is available', async () => {
    world = await startWorld({ mode, version });
    const form = await imported(
      csv('area code,quantity,reason', '919,1,Sales', '984,2,Sales', '919,1,Sales'),
    );
    expect(form.value('What to order')).toBe('919 x2\n984 x2');
    expect(form.value('Name')).toBe('4 numbers in 2 places');
    await says(form, 'Every line has enough numbers right now.');
    await form.choose('Sub-account', 'Raleigh office');
    const card = await cardOf(world, form);
    expect(asPlainText(card)).toContain('Order: 4 numbers in 2 places');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 4 of 4 numbers in 2 places');
    expect(world.bandwidth.orders().map(({ quantity }) => quantity)).toEqual([2, 2]);
  });

  test('Ana orders what a file lists, and Ben approves', async () => {
    world = await startWorld({ mode, version });
    const { ana, ben, bandwidth } = world;
    const form = await imported(
      csv(
        'Reason;Area Code;Qty;Name;Sub-account;Location',
        '"Support; a new line";910;2;Support;raleigh office;Main SIP trunk',
      ),
    );
    expect(form.title).toBe('Order numbers');
    expect(form.value('Name')).toBe('Support');
    expect(form.value('Sub-account')).toContain('Raleigh office');
    expect(form.value('Location')).toContain('Main SIP trunk');
    expect(form.value('Quantity')).toBe('2');
    expect(form.value('Reason')).toBe('Support; a new line');
    const card = await cardOf(world, form);
    expect(asPlainText(card)).toContain('Order: 2 numbers in area code 910 — waiting for approval');
    await ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2 numbers');
    expect(bandwidth.orders()).toHaveLength(1);
    expect(ana.hasForm()).toBe(false);
  });

  test('Ana does the same from the menu of a message in a thread', async () => {
    world = await startWorld({ mode, version });
    const { dan, ana } = world;
    const parent = dan.says(CHANNEL, 'We need numbers');
    const message = dan.says(CHANNEL, 'These:', {
      threadTs: parent.ts,
      files: [csv('area code,sub-account,reason', '910,461,Sales', '910,461,Sales')],
    });
    await ana.usesShortcut(message, SHORTCUT);
    const form = await ana.form();
    await says(form, 'Quantity');
    expect(form.value('Quantity')).toBe('2');
    expect(form.value('Sub-account')).toContain('Raleigh office');
    expect(asPlainText(await cardOf(world, form))).toContain('2 numbers in area code 910');
  });

  test('a file with nothing but numbers leads to the form that disconnects them', async () => {
    const stock = makeStock(3);
    world = await startWorld({
      mode,
      version,
      settings: { UNDO_WINDOW: '0' },
      bandwidth: { inService: { ours: stock.all } },
    });
    const [one = '', two = ''] = stock.take(2);
    const form = await imported(csv('Phone', shown(one), `+1${two}`, ''));
    expect(form.title).toBe('Disconnect numbers');
    expect(text(form)).toContain('A file that only lists numbers is for disconnecting them.');
    expect(
      form
        .value('Numbers')
        .split('\n')
        .map((each) => each.replace(/\D/g, '')),
    ).toEqual([one, two]);
    await form.fill('Confirmation', '2');
    await form.fill('Reason', 'The office is closed');
    const card = await cardOf(world, form);
    expect(asPlainText(card)).toContain('Disconnect: 2 numbers — waiting for approval');
  });
});

describe('Ana imports a file', () => {
  beforeAll(async () => {
    world = await startWorld({ settings: { MAX_NUMBERS_PER_ORDER: '50' } });
  });
  afterEach(() => {
    world.slack.failNothing();
    world.slack.workspace.clearModals(world.ana.id);
    expect(world.slack.messages(CHANNEL).filter(({ user }) => user === world.slack.botUserId)).toEqual([]);
    expect(world.bandwidth.orders()).toEqual([]);
  });
  afterAll(() => world.close());

  test('with invalid rows: each is listed, and nothing is requested until she leaves them out', async () => {
    const form = await imported(
      csv(
        'area code,qty,sub-account,customer',
        '910,2,Raleigh office,Bob',
        '91O,1,Raleigh office,',
        '910,1,Rome office,',
        '9.1E+02,1,,',
        '910,3,461,',
      ),
    );
    expect(form.title).toBe('Import a CSV file');
    expect(text(form).split('\n')).toEqual([
      'Import a CSV file',
      "*3 of 5 rows can't be used.* Fix the file and import it again, or continue without these rows.",
      'Row 3: “91O” has a letter where a digit belongs. Did you mean 910?',
      'Row 4: No sub-account is called “Rome office”.',
      'Row 5: Excel shortened “9.1E+02”, and its digits are lost. Format the column as text and enter it again.',
      "I didn't use the column “customer”.",
      'Nothing has been ordered or disconnected so far.',
      '[Close] [Without these]',
    ]);
    expect(await form.submit()).toBe('updated');
    await says(form, 'Quantity');
    expect(form.value('Quantity')).toBe('5');
    expect(form.value('Sub-account')).toContain('Raleigh office');
  });

  test('with no valid row: there is nothing to continue with', async () => {
    const form = await imported(csv('area code', '911'));
    expect(text(form)).toContain("*The only row can't be used.* Fix the file and import it again.");
    expect(form.view.submit).toBeUndefined();
  });

  test('without a sub-account: the usual one is filled in', async () => {
    const form = await imported(csv('city,state', 'Raleigh,NC'));
    await world.slack.until(() => form.labels().includes('Sub-account'));
    expect(form.value('Name')).toBe('1 number in Raleigh, NC');
    expect(form.value('Reason')).toBe('');
  });

  test('that can’t be used: the form still takes another', async () => {
    const form = await imported(csv('when,what', '1,2'));
    expect(text(form)).toContain("I can't tell what is in the columns.");
    await form.attach(FIELD, csv('area code', '919'));
    expect(await form.submit()).toBe('updated');
    await says(form, 'Quantity');
  });

  test('for several sub-accounts and locations: each row says its own', async () => {
    const form = await imported(
      csv(
        'area code,sub-account,location',
        '919,Raleigh office,Main SIP trunk',
        '984,Raleigh office,Contact center',
        '910,boston office,',
      ),
    );
    expect(form.value('What to order').split('\n')).toEqual([
      '919 x1 to Raleigh office, Main SIP trunk (461/651681)',
      '984 x1 to Raleigh office, Contact center (461/651682)',
      '910 x1 to Boston office (743)',
    ]);
    expect(form.value('Sub-account')).toContain('Raleigh office');
    expect(form.value('Location')).toContain('Main SIP trunk');
  });

  test('with rows that name no sub-account: they go to the one in the form', async () => {
    const form = await imported(
      csv('area code,sub-account', '919,Raleigh office', '984,Boston office', '910,'),
    );
    expect(form.value('What to order').split('\n')).toEqual([
      '919 x1 to Raleigh office (461)',
      '984 x1 to Boston office (743)',
      '910 x1',
    ]);
  });

  test('for more places than any order can have', async () => {
    const codes = Array.from({ length: 101 }, (_, index) => `9102${String(index + 100).padStart(3, '0')}`);
    const form = await imported(csv('prefix', ...codes));
    expect(text(form)).toContain('101 different places, and one order can have 100');
  });

  test('of numbers to order, each once', async () => {
    const form = await imported(csv('number,reason', '910-241-4365,Ours', '910-317-4992,Ours'));
    expect(text(form)).toContain('*2 numbers in 910:* (910) 241-4365, (910) 317-4992');
    expect(form.value('Reason')).toBe('Ours');
  });

  test('of more numbers than the policy allows', async () => {
    const numbers = Array.from({ length: 51 }, (_, index) => `910241${4000 + index}`);
    expect(text(await imported(csv('number,reason', ...numbers.map((each) => `${each},x`))))).toContain('50');
  });

  test.each<[string, PickedFile['content'], string]>([
    ['that is a workbook', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'This is a workbook, not a CSV file.'],
    ['that is empty', ' \n', 'This file is empty.'],
    ['that has only a head', 'area code,quantity\n', 'This file has only a row of column names.'],
    ['in UTF-16', Buffer.from('\uFEFFarea code\n910', 'utf16le'), 'This file is encoded in UTF-16'],
    ['that is too large', 'area code\n910\n'.repeat(60_000), 'This file is too large: I read up to 512 kB.'],
    ['that is a web page', '<!DOCTYPE html><html></html>', 'This file is a web page, not a CSV file.'],
    ['with columns that say nothing', 'when,what\n1,2', "I can't tell what is in the columns."],
  ])('%s: she is told so, and can pick another', async (_, content, sentence) => {
    const form = await imported({ name: 'places.csv', content });
    expect(text(form)).toContain(`⚠️ ${sentence}`);
    expect(form.labels()).toEqual([FIELD]);
  });

  test('with more wrong rows than a form can show', async () => {
    const form = await imported(
      csv('area code,reason', ...Array.from({ length: 4_999 }, () => '911,<!channel>')),
    );
    expect(text(form)).toContain('None of the 4,999 rows can be used.');
    expect(text(form)).toContain('And 4,799 more rows.');
  });

  test('with cells and heads that look like mentions: no one is mentioned', async () => {
    const form = await imported(csv('area code,<!channel>,sub-account', '910,x,<!here> & *all*', '911,x,'));
    expect(form.asPlainText()).toContain('Row 2: No sub-account is called “<!here> & *all*”.');
    expect(asRead(form.asPlainText())).toContain("I didn't use the column “<!channel>”.");
    expect(JSON.stringify(form.view.blocks.filter(({ type }) => type === 'context'))).not.toContain(
      '<!channel>',
    );
  });

  test('that isn’t in Slack: it is not fetched', async () => {
    const before = fetched();
    const form = await imported({
      ...csv('area code', '910'),
      externalUrl: 'https://drive.example/places.csv',
    });
    expect(text(form)).toContain("This file isn't stored in Slack, so I can't read it.");
    expect(fetched()).toBe(before);
  });

  test('that Slack is still scanning: a second attempt finds it, and the form says that it is being read', async () => {
    world.slack.fail('file', { status: 404 });
    const form = await picked(csv('area code', '910'));
    expect(await form.submit()).toBe('updated');
    expect(text(form)).toContain('Reading the file…');
    await says(form, 'Quantity');
  });

  test('that was deleted in the meantime', async () => {
    world.slack.fail('file', { status: 404, times: 2 });
    const form = await picked(csv('area code', '910'));
    await form.submit();
    await says(form, "I can't find this file. It may have been deleted.");
  });

  test('while Slack has trouble', async () => {
    world.slack.fail('file', { status: 500, times: 2 });
    const form = await picked(csv('area code', '910'));
    await form.submit();
    await says(
      form,
      "Slack didn't send me the file. Nothing was ordered or disconnected. Try again in a minute.",
    );
    expect(form.labels()).toEqual([FIELD]);
  });

  test('and closes the form before it was read: she is told what is wrong anyway', async () => {
    world.slack.fail('file', { status: 404 });
    const form = await picked(csv('when,what', '1,2'));
    await form.submit();
    const said = await told(world, world.ana, () => form.close());
    expect(asRead(said)).toContain("Your file wasn't imported. I can't tell what is in the columns.");
  });

  test('whose invalid rows are not the ones she saw: they are listed again', async () => {
    const form = await imported(csv('area code,sub-account', '910,461', '91O,461'));
    const view = form.view;
    const memory = { ...JSON.parse(view.private_metadata ?? '{}'), digest: 'another' };
    world.slack.workspace.updateModal(view.id, { ...view, private_metadata: JSON.stringify(memory) });
    expect(await form.submit()).toBe('updated');
    await read(form);
    expect(text(form)).toContain("*1 of 2 rows can't be used.*");
    expect(await form.submit()).toBe('updated');
    await says(form, 'Quantity');
  });

  /** How many files were asked for so far. */
  const fetched = () => world.slack.calls.filter(({ method }) => method === 'file').length;

  test.each([
    ['without a file', [], 'This message has no file. Nothing was ordered.'],
    ['with two', [csv('area code', '910'), csv('area code', '919')], 'This message has several files'],
  ])('from a message %s: she is told, and no form opens', async (_, files, sentence) => {
    const message = world.ana.says(CHANNEL, 'look', { files });
    expect(await told(world, world.ana, () => world.ana.usesShortcut(message, SHORTCUT))).toContain(sentence);
    expect(world.ana.hasForm()).toBe(false);
  });

  test('from a message with pictures beside it', async () => {
    const files = [{ name: 'map.png', content: 'PNG' }, csv('area code', '910')];
    await world.ana.usesShortcut(world.ana.says(CHANNEL, 'look', { files }), SHORTCUT);
    await says(await world.ana.form(), 'Quantity');
  });

  test('from a message, and it can’t be read: the form says why', async () => {
    const message = world.dan.says(CHANNEL, '', { files: [csv('area code', '911', '912')] });
    await world.ana.usesShortcut(message, SHORTCUT);
    const form = await world.ana.form();
    await says(form, "can't be used");
    world.slack.workspace.clearModals(world.ana.id);
    const book = world.dan.says(CHANNEL, '', {
      files: [{ name: 'numbers.xlsx', content: 'PK\u0003\u0004' }],
    });
    await world.ana.usesShortcut(book, SHORTCUT);
    const next = await world.ana.form();
    await says(next, 'This is a workbook, not a CSV file.');
    expect(text(next)).toContain('Nothing was ordered or disconnected.');
  });
});

describe('With a policy that allows 5,000 numbers', () => {
  afterEach(() => world.close());

  test('Ana fills the form with all that one disconnect can have', async () => {
    world = await startWorld({ settings: { MAX_NUMBERS_PER_ORDER: '5000' } });
    const numbers = Array.from({ length: 5_000 }, (_, index) => String(9_102_420_000 + index));
    const form = await imported(csv('number', ...numbers));
    expect(form.labels().filter((label) => label.startsWith('Numbers'))).toHaveLength(22);
    await form.close();
    const more = await imported(csv('number', ...numbers, '9102430000'));
    expect(text(more)).toContain('This file has too many rows: I read up to 5,000.');
  });

  test('Ana closes the form while a shared file is read: she is told what is wrong anyway', async () => {
    world = await startWorld();
    const { ana, slack } = world;
    slack.fail('file', { status: 404 });
    const message = ana.says(CHANNEL, '', {
      files: [csv('when,what', '1,2')],
    });
    const said = await told(world, ana, async () => {
      await ana.usesShortcut(message, SHORTCUT);
      await (await ana.form()).close();
    });
    expect(asRead(said)).toContain("Your file wasn't imported. I can't tell what is in the columns.");
  });
});

describe('Templates', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test('are sent in a direct message, and the one for orders can be filled in and imported', async () => {
    const { ana } = world;
    expect(await told(world, ana, () => ana.types(CHANNEL, '/numbers import template'))).toContain(
      'template',
    );
    await world.slack.until(() => ana.ephemerals(CHANNEL).length > 0, {
      describe: 'the answer in the channel',
    });
    const { files = [] } = ana.directMessages().at(-1) ?? {};
    expect(files.map(({ name }) => name)).toEqual(['order-numbers.csv', 'disconnect-numbers.csv']);
    const [orders, disconnects] = files.map((file) => file.text);
    expect(disconnects).toBe('\uFEFFnumber\r\n');
    // As it is, nobody orders anything by accident.
    const untouched = await imported({ name: 'order-numbers.csv', content: orders ?? '' });
    expect(text(untouched)).toContain('None of the 2 rows can be used.');
    expect(text(untouched)).toContain("Row 2: This is the template's example. Replace or delete it.");
    await untouched.close();
    const [head, first = ''] = (orders ?? '').split('\r\n');
    const own = first.replace(/Example: replace this row/, 'For sales');
    const form = await imported({ name: 'order-numbers.csv', content: `${head}\r\n${own}\r\n` });
    expect([form.value('Quantity'), form.value('Reason')]).toEqual(['2', 'For sales']);
  });

  test.each(['import templates', 'import a csv template', 'import example'])(
    '“%s” asks for them too',
    async (words) => {
      const before = world.ana.directMessages().length;
      await world.ana.types(CHANNEL, `/numbers ${words}`);
      await world.slack.until(() => world.ana.directMessages().length > before, {
        describe: 'the templates',
      });
      expect(world.ana.directMessages().at(-1)?.files).toHaveLength(2);
    },
  );

  test.each([
    ['import places.csv', '“import places.csv” isn’t a command. Did you mean /numbers import?'],
    ['upload', '“upload” isn’t a command. Did you mean /numbers import?'],
  ])('“%s” is no command, but close to one', async (words, sentence) => {
    const answer = await world.ana.types(CHANNEL, `/numbers ${words}`);
    expect(asPlainText(answer).replaceAll("'", '’').replaceAll('`', '').replace(/\s+/g, ' ')).toBe(
      sentence.replaceAll("'", '’'),
    );
  });
});
