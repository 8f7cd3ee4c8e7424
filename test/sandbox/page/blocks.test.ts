import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Block } from '../../../sandbox/local-slack/block-kit.js';
import { checkMessageBlocks, checkView } from '../../../sandbox/local-slack/check-blocks.js';
import { people } from '../../../sandbox/sample-workspace.js';
import { escapeText } from '../../../src/slack/text/escape.js';
import { temporaryFolder } from '../../support/folder.js';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const options = ['Red', 'Green', 'Blue'].map((text) => ({ text: plain(text), value: text.toLowerCase() }));
const input = (label: string, element: object) => ({
  type: 'input',
  block_id: label,
  label: plain(label),
  element,
});

const everyField = {
  type: 'modal',
  title: plain('Every field'),
  submit: plain('Send'),
  blocks: [
    { type: 'header', text: plain('Fields') },
    input('Text', { type: 'plain_text_input', initial_value: 'prefilled', max_length: 20 }),
    input('Long text', { type: 'plain_text_input', multiline: true }),
    input('Number', { type: 'number_input', is_decimal_allowed: false, min_value: '1' }),
    input('Email', { type: 'email_text_input' }),
    input('Web page', { type: 'url_text_input' }),
    input('Day', { type: 'datepicker', initial_date: '2026-11-23' }),
    input('Time', { type: 'timepicker', initial_time: '14:05' }),
    input('Colour', { type: 'static_select', options, initial_option: options[1] }),
    input('Colours', { type: 'multi_static_select', options, initial_options: [options[0]] }),
    input('One of them', { type: 'radio_buttons', options }),
    input('Some of them', { type: 'checkboxes', options, initial_options: [options[2]] }),
    input('Person', { type: 'users_select', initial_user: people.ben.id }),
  ],
};

const message = [
  { type: 'header', text: plain('A header :tada:') },
  {
    type: 'section',
    text: mrkdwn(
      '*bold* _italic_ ~struck~ `code` <https://example.org|a link> <@U0BEN> <!subteam^S0TELECOM> <!date^1795441325^{date_num}|then> :white_check_mark: 2 * 3 * 4 snake_case_word\n&gt; quoted\n```preformatted```',
    ),
    accessory: { type: 'overflow', options },
  },
  // What a person typed, as the app hands it on.
  {
    type: 'section',
    text: mrkdwn(`${escapeText('Say `this`, ```that``` or *those* _now_')} *Why:* \`910\``),
  },
  { type: 'section', fields: [mrkdwn('*One*\nfield'), plain('Another')] },
  { type: 'divider' },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'item', style: { bold: true } }] },
        ],
      },
      { type: 'rich_text_quote', elements: [{ type: 'user', user_id: people.ana.id }] },
    ],
  },
  {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'go', text: plain('Go'), style: 'primary' },
      {
        type: 'button',
        action_id: 'stop',
        text: plain('Stop'),
        style: 'danger',
        confirm: {
          title: plain('Really?'),
          text: mrkdwn('It *ends*.'),
          confirm: plain('Stop it'),
          deny: plain('Go on'),
        },
      },
    ],
  },
  { type: 'context', elements: [mrkdwn('small print')] },
];

const cells = (...texts: string[]) => texts.map((text) => ({ type: 'raw_text', text }));
const dataTable = {
  type: 'data_table',
  caption: 'Numbers in service',
  page_size: 2,
  rows: [
    cells('Number', 'Requester'),
    cells('(910) 241-4365', 'ana'),
    cells('(910) 241-4366', 'ben'),
    cells('(910) 241-4367', '*cleo*'),
  ],
};

/** As the Web API would have let it through. */
function accepted(blocks: readonly object[]): readonly Block[] {
  const checked = checkMessageBlocks(blocks);
  if (!checked.ok) throw new Error(checked.validationErrors.join('\n'));
  return checked.value;
}

describeInBrowser('The page', (start) => {
  test(
    'shows every field as it is named, with its value, and sends what is entered',
    async () => {
      const { open, sandbox } = await start();
      const view = checkView(everyField);
      if (!view.ok) throw new Error(view.validationErrors.join('\n'));
      const { id } = sandbox.slack.workspace.openModal(people.ana.id, view.value);
      const { page, form, ...ana } = await open('ana');
      await ana.sees('Every field');
      expect(await form.locator('.unknown').count()).toBe(0);
      await axeFindsNothing(page, 'every field');

      await form.getByLabel('Text', { exact: true }).fill('typed');
      await form.getByLabel('Number').fill('7');
      await form.getByLabel('Day').fill('2026-12-24');
      await ana.chooses('Colour', 'Blue');
      await ana.chooses('Colours', 'Green');
      await form.getByRole('radio', { name: 'Red' }).check();
      await form.getByRole('checkbox', { name: 'Green' }).check();
      await ana.chooses('Person', 'cleo');
      const entered = () => {
        const { state } = sandbox.slack.person(people.ana.id).client;
        return JSON.parse(
          JSON.stringify([...state({ view: id })].map(([block, inside]) => [block, [...inside.values()][0]])),
        ) as [string, object][];
      };
      await sandbox.slack.until(() => JSON.stringify(entered()).includes('U0CLEO'));
      expect(Object.fromEntries(entered())).toMatchObject({
        Text: { value: 'typed' },
        Number: { value: '7' },
        Day: { selected_date: '2026-12-24' },
        Time: { selected_time: '14:05' },
        Colour: { selected_option: { value: 'blue' } },
        Colours: { selected_options: [{ value: 'red' }, { value: 'green' }] },
        'One of them': { selected_option: { value: 'red' } },
        'Some of them': { selected_options: [{ value: 'green' }, { value: 'blue' }] },
        Person: { selected_user: people.cleo.id },
      });
      expect(await form.getByLabel('Text', { exact: true }).inputValue()).toBe('typed');
      expect(await form.getByRole('combobox', { name: 'Colour', exact: true }).inputValue()).toBe('Blue');
    },
    TIMEOUT_MS,
  );

  test(
    'shows what is wrong with a field, even at the end of a long form',
    async () => {
      const { open, sandbox } = await start();
      const fields = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((label) =>
        input(label, { type: 'plain_text_input', initial_value: 'here' }),
      );
      const view = checkView({ type: 'modal', title: plain('Low'), submit: plain('Send'), blocks: fields });
      if (!view.ok) throw new Error(view.validationErrors.join('\n'));
      sandbox.slack.workspace.openModal(people.ana.id, view.value);
      const { page, form, ...ana } = await open('ana', { height: 420 });
      await ana.sees('Low');
      const sendsWithout = async (label: string) => {
        await form.getByLabel(label).fill('');
        await page.evaluate(
          `document.querySelector('.modal-body').querySelectorAll('.input')[${fields.findIndex((field) => field.block_id === label)}].scrollIntoView({ block: 'end' })`,
        );
        await ana.pressesInForm('Send');
        await form.locator('.wrong', { hasText: label }).waitFor();
        const boxes = [form.locator('.wrong', { hasText: label }).locator('.error'), form.locator('footer')];
        const [error, footer] = await Promise.all(boxes.map((each) => each.boundingBox()));
        // Scrolling ends at whole pixels.
        return Math.floor((error?.y ?? 0) + (error?.height ?? 0)) <= (footer?.y ?? 0);
      };
      expect(await sendsWithout('Four')).toBe(true);
      await form.getByLabel('Four').fill('there');
      expect(await sendsWithout('Three')).toBe(true);
    },
    TIMEOUT_MS,
  );

  test(
    'shows messages as Slack does, asks for confirmation where the app wants it, and says what it cannot show',
    async () => {
      const { open, sandbox } = await start();
      const { workspace } = sandbox.slack;
      const post = (blocks: readonly object[]) =>
        workspace.post({ channel: 'C0NUMBERS', user: workspace.bot.id, text: '', blocks: accepted(blocks) });
      post(message);
      const { page, ...ana } = await open('ana');
      const drawn = page.locator('.message').last();
      await ana.sees('A header 🎉');
      const texts = (selector: string) => drawn.locator(selector).allInnerTexts();
      expect(await texts('.section-text strong')).toEqual(['bold', 'Why:', 'One']);
      expect(await texts('em')).toEqual(['italic']);
      expect(await texts('s')).toEqual(['struck']);
      expect(await texts('code')).toEqual(['code', '910']);
      expect(await texts('pre')).toEqual(['preformatted']);
      expect(await texts('.mention')).toEqual(['@ben', '@telecom', '@ana']);
      expect(await texts('.section time')).toEqual([expect.stringMatching(/^2026-11-2\d$/)]);
      expect(await texts('.section-text')).toEqual([
        expect.stringContaining('✅ 2 * 3 * 4 snake_case_word'),
        expect.stringContaining('Say `\u200Bthis`\u200B, '),
        expect.stringContaining('Another'),
      ]);
      await axeFindsNothing(page, 'a message with everything');

      await ana.presses('Stop');
      await ana.sees('Really?');
      await axeFindsNothing(page, 'a confirmation');
      await page.keyboard.press('Escape');
      await page.getByText('Really?').waitFor({ state: 'hidden' });
      expect(sandbox.slack.deliveries).toEqual([]);
      await ana.presses('Stop');
      await page.getByRole('button', { name: 'Stop it' }).click();
      await sandbox.slack.until(() => sandbox.slack.deliveries.length === 1);

      post([dataTable]);
      const table = page.getByRole('table', { name: 'Numbers in service' });
      await table.getByRole('rowheader', { name: '(910) 241-4366' }).waitFor();
      expect(await table.getByRole('row').count()).toBe(3);
      await axeFindsNothing(page, 'a data table');
      await page.getByRole('button', { name: 'Next' }).click();
      await table.getByRole('cell', { name: '*cleo*' }).waitFor();
      expect(await table.getByRole('row').count()).toBe(2);

      post([{ type: 'plan', title: 'A plan' }]);
      await ana.sees("This page can't show a block of type “plan”.");
    },
    TIMEOUT_MS,
  );

  test(
    'shows the Home tab of an app whose manifest has one',
    async () => {
      const folder = temporaryFolder();
      const manifest = join(folder.path, 'manifest.yml');
      const withHome = readFileSync('manifest.yml', 'utf8').replace(
        /^features:\n(?: {2}app_home:\n(?: {4}.*\n)+)?/m,
        'features:\n  app_home:\n    home_tab_enabled: true\n',
      );
      writeFileSync(manifest, withHome);
      const { open, sandbox } = await start({ manifest });
      folder.remove();
      const { page, ...ana } = await open('ana');
      await ana.opensHome();
      const home = checkView({ type: 'home', blocks: [{ type: 'header', text: plain('Your orders') }] });
      if (!home.ok) throw new Error(home.validationErrors.join('\n'));
      sandbox.slack.workspace.publishHome(people.ana.id, home.value);
      await ana.sees('Your orders');
      await axeFindsNothing(page, 'the Home tab');
      await page.getByRole('button', { name: 'Messages', exact: true }).click();
      await page.getByRole('textbox', { name: 'Message Numbers' }).waitFor();
      expect(await page.getByText('Your orders').isVisible()).toBe(false);
    },
    TIMEOUT_MS,
  );
});
