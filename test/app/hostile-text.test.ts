import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message, mentionsIn } from '../../sandbox/local-slack/local-slack.js';
import { asRead, CHANNEL, people, startWorld, type World } from '../support/world.js';

/** Longer than a field of Slack takes. */
const TOO_LONG = 5_000;
const MAX_LENGTH = 3_000;

const nasty = [
  '<!channel> <!here> <!everyone>',
  '<@U0BEN> and @dan',
  '<!subteam^S0TELECOM>',
  '*bold* _slanted_ ~gone~ `code`',
  '```block```',
  '> quoted',
  '&amp; &lt;!channel&gt; & < >',
  '<https://evil.example|Approve here> https://evil.example',
  ':tada: 🎉 👩‍👩‍👧‍👦 é',
  '‮right to left‬',
  'Approved by <@U0BEN>',
  '</Name><Quantity>5000</Quantity> ]]>',
];

let world: World;

/** Nobody is notified but those the message is about; in its blocks and in its plain text. */
function nobodyElseIsMentioned(card: Message): void {
  const about: readonly string[] = [people.ana.id, people.cleo.id];
  for (const message of [card, ...card.replies]) {
    const mentioned = [...mentionsIn(message), ...mentionsIn({ text: message.text })];
    expect(mentioned.filter((id) => !about.includes(id))).toEqual([]);
  }
}

describe('Whatever people type is shown as typed and mentions no one', () => {
  beforeAll(async () => {
    world = await startWorld({
      bandwidth: {
        sites: [
          {
            id: '461',
            name: 'R&D <!channel> *west* `wing`',
            peers: [{ id: '651681', name: '<@U0BEN> :phone: trunk', isDefault: true }],
          },
        ],
      },
    });
  });
  afterAll(() => world.close());

  const place = 'R&D <!channel> *west* `wing`';

  /** The card of a new order, its form filled in like this. */
  async function cardOf(filled: Readonly<Record<string, string>>): Promise<Message> {
    await world.ana.types(CHANNEL, '/numbers order 919');
    const form = await world.ana.form();
    await world.slack.until(() => form.value('Sub-account') === place);
    await form.choose('Location', '<@U0BEN> :phone: trunk');
    for (const [field, text] of Object.entries({ Reason: 'A line', ...filled })) await form.fill(field, text);
    const before = new Set(world.slack.messages(CHANNEL));
    expect([await form.submit(), form.errors]).toEqual(['closed', {}]);
    return world.slack.until(() => world.slack.messages(CHANNEL).find((each) => !before.has(each)));
  }

  test.each(nasty)('%s', async (text) => {
    const name = text.slice(0, 50).trim();
    const card = await cardOf({ Name: name, Reason: `${text}\n${text}` });
    const shown = asRead(asPlainText(card));
    expect(shown).toContain(`> ${text}\n> ${text}`);
    expect(shown).toContain(`Name:* ${name}`);
    expect(shown).toContain(`Sub-account:* ${place} (461)`);
    expect(shown).toContain('Location:* <@U0BEN> :phone: trunk (651681)');
    nobodyElseIsMentioned(card);

    await world.cleo.presses(card, 'Decline…');
    const decline = await world.cleo.form();
    expect(asRead(decline.asPlainText())).toContain(name);
    await decline.fill('Why?', text);
    expect(await decline.submit()).toBe('closed');
    await world.slack.until(() => card.replies.length > 0);
    expect(asRead(asPlainText(card))).toContain(`Why:*\n> ${text}`);
    expect(asRead(asPlainText(card.replies[0] ?? {}))).toContain(`> ${text}`);
    nobodyElseIsMentioned(card);
  });

  test.each([
    ['letters', 'x'],
    ['ampersands, each drawn as five characters', '&'],
    ['families, each of eleven code units', '👩‍👩‍👧‍👦'],
    ['lines', '\n<!channel>'],
  ])('the longest reason a field takes, of %s', async (_, piece) => {
    const whole = piece.repeat(Math.floor(MAX_LENGTH / [...piece].length));
    const card = await cardOf({ Reason: whole });
    expect(asRead(asPlainText(card))).toMatch(/ more characters?\)/);
    nobodyElseIsMentioned(card);
    await world.cleo.presses(card, 'Decline…');
    const decline = await world.cleo.form();
    await decline.fill('Why?', whole);
    expect(await decline.submit()).toBe('closed');
    await world.says(card, 'Declined');
    await world.slack.until(() => card.replies.length > 0);
    nobodyElseIsMentioned(card);
  });

  test('a reason too long for Slack is refused under its field, and nothing is requested', async () => {
    await world.ana.types(CHANNEL, '/numbers order 919');
    const form = await world.ana.form();
    await world.slack.until(() => form.value('Sub-account') === place);
    await form.fill('Reason', 'x'.repeat(TOO_LONG));
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ Reason: 'Must be at most 3000 characters.' });
    await form.fill('Name', '👩‍👩‍👧‍👦'.repeat(10));
    await form.fill('Reason', 'A family');
    expect(await form.submit()).toBe('errors');
    expect(Object.keys(form.errors)).toEqual(['Name']);
    await form.close();
  });

  test('what was approved reaches Bandwidth as it was typed', async () => {
    const name = '</Name>&amp;<!channel> 🎉 "\'';
    const card = await cardOf({ Name: name });
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(world.bandwidth.orders()).toMatchObject([{ name, quantity: 1 }]);
  });

  test.each([
    '/numbers <!channel>',
    '/numbers order <!channel>, NC',
    '/numbers order <@U0BEN>',
    '/numbers order `910` *x5*',
    `/numbers order ${'<!channel>'.repeat(20)}`,
  ])('also in a command: %s', async (line) => {
    const answer = await world.dan.types(CHANNEL, line);
    if (world.dan.hasForm()) return world.slack.workspace.clearModals(world.dan.id);
    const said = world.dan.ephemerals(CHANNEL).at(-1);
    expect(answer.error).toBeUndefined();
    expect(said).toBeDefined();
    expect([...mentionsIn(said ?? {}), ...mentionsIn({ text: said?.text ?? '' })]).toEqual([]);
  });
});
