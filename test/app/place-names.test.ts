import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { formWith, lastPayload, sendAsSlack } from '../support/as-slack.js';
import { failures } from '../support/search-steps.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

/** Ana's client is not ours: it can send any text and any id for what she chose. */
interface Claim {
  readonly site?: readonly [id: string, name: string];
  readonly location?: readonly [id: string, name: string];
  /** The block id of the location's field, which names its sub-account. */
  readonly locationField?: string;
}

const sites = [
  { id: '461', name: 'Raleigh office', peers: [{ id: '651681', name: 'Main SIP trunk', isDefault: true }] },
  { id: '462', name: 'Fraud desk', peers: [{ id: '777', name: 'Recorded line', isDefault: true }] },
];

let world: World;
let genuine: Readonly<Record<string, unknown>>;

beforeEach(async () => {
  world = await startWorld({ mode: 'HTTP mode', bandwidth: { sites } });
  await world.ana.types(CHANNEL, '/numbers order 910');
  const form = await world.ana.form();
  await form.choose('Sub-account', 'Raleigh office');
  await world.slack.until(() => form.blocks.some(({ block_id }) => block_id === 'location:461'));
  await form.choose('Location', 'Main SIP trunk');
  await form.fill('Reason', 'A new team');
  expect(await form.submit()).toBe('closed');
  await world.message('[Approve & order]');
  genuine = lastPayload(world, 'view_submission');
});
afterEach(() => world.close());

interface Element {
  readonly selected_option?: { readonly value: string; readonly text: object } | null;
}
type Values = Readonly<Record<string, Readonly<Record<string, Element>>>>;

/** The form that Ana sent, as that of another order, with what her client claims. */
function claiming({ site, location, locationField }: Claim) {
  const { private_metadata, state } = genuine.view as {
    private_metadata: string;
    state: { values: Values };
  };
  const choice = (claim: Claim['site']) =>
    claim && { selected_option: { value: claim[0], text: { type: 'plain_text', text: claim[1] } } };
  const values = Object.fromEntries(
    Object.entries(state.values).map(([blockId, elements]) => {
      const [isSite, isLocation] = [blockId.startsWith('site'), blockId.startsWith('location')];
      const claimed = isSite ? choice(site) : isLocation ? choice(location) : undefined;
      const name = isLocation ? (locationField ?? blockId) : blockId;
      return [
        name,
        Object.fromEntries(Object.entries(elements).map(([id, element]) => [id, { ...element, ...claimed }])),
      ];
    }),
  );
  const memory = JSON.stringify({ ...(JSON.parse(private_metadata) as object), orderId: randomUUID() });
  return formWith(genuine, { private_metadata: memory, state: { values } });
}

/** The card that follows. */
async function cardOf(claim: Claim): Promise<Message> {
  const cards = world.slack.messages(CHANNEL).length;
  expect(await sendAsSlack(world, claiming(claim))).toMatchObject({ status: 200, body: undefined });
  const card = await world.slack.until(() => world.slack.messages(CHANNEL)[cards], { describe: 'the card' });
  await world.slack.until(() => asPlainText(card).includes('[Approve & order]'));
  return card;
}

/** What the form says under its fields, when nothing is asked for. */
async function refused(claim: Claim): Promise<Readonly<Record<string, string>>> {
  const cards = world.slack.messages(CHANNEL).length;
  const { body } = await sendAsSlack(world, claiming(claim));
  expect(body).toMatchObject({ response_action: 'errors' });
  expect(world.slack.messages(CHANNEL)).toHaveLength(cards);
  return (body as { errors: Readonly<Record<string, string>> }).errors;
}

describe('Ana claims, with a client of her own,', () => {
  test('that sub-account 462 is the Raleigh office, and the card names it as Bandwidth does', async () => {
    const card = await cardOf({
      site: ['462', 'Raleigh office'],
      location: ['777', 'Main SIP trunk'],
      locationField: 'location:462',
    });
    expect(asRead(asPlainText(card))).toContain('Fraud desk (462)');
    expect(asRead(asPlainText(card))).toContain('Recorded line (777)');
    expect(asRead(asPlainText(card))).not.toContain('Raleigh office');
    expect(asRead(asPlainText(card))).not.toContain('Main SIP trunk');
  });

  test('a sub-account that the account does not have, and is refused at its field', async () => {
    const said = await refused({ site: ['999', 'Raleigh office'], locationField: 'location:999' });
    expect(Object.values(said)).toEqual([
      "This sub-account isn't on your Bandwidth account. Choose it again.",
    ]);
  });

  test('a location of another sub-account, and is refused at its field', async () => {
    expect(await refused({ location: ['777', 'Main SIP trunk'] })).toEqual({
      'location:461': "This location isn't in that sub-account. Choose it again.",
    });
  });

  test('that the field of a location belongs to another sub-account, and is refused there too', async () => {
    expect(await refused({ locationField: 'location:462' })).toEqual({
      'location:462': "This location isn't in sub-account 461. Choose it again.",
    });
  });
});

describe('While Bandwidth does not provide the names,', () => {
  beforeEach(() => {
    // Past the minute for which a list is remembered.
    world.goesBy(2 * 60_000);
  });

  test.each([503, 'hang'] as const)(
    'for %s, the card shows the ids alone and no name that is not known',
    async (how) => {
      world.bandwidth.fail({ path: /\/sites(?:\/|$)/, how, times: 4 });
      const card = await cardOf({ site: ['462', 'Raleigh office'], locationField: 'location:462' });
      expect(asRead(asPlainText(card))).toContain('*Sub-account:* 462\n');
      expect(asRead(asPlainText(card))).not.toContain('Raleigh office');
      expect(failures(world)).toEqual([]);
    },
  );

  test('words are not mistaken for an id', async () => {
    world.bandwidth.fail({ path: /\/sites(?:\/|$)/, how: 503, times: 4 });
    const said = await refused({
      site: ['Raleigh office (461)', 'Raleigh office'],
      locationField: 'location:Raleigh office (461)',
    });
    expect(Object.values(said)).toEqual([
      "This sub-account isn't on your Bandwidth account. Choose it again.",
    ]);
  });

  test('the same form sent twice is still one order', async () => {
    const twice = claiming({});
    expect(await sendAsSlack(world, twice)).toMatchObject({ status: 200, body: undefined });
    world.bandwidth.fail({ path: /\/sites(?:\/|$)/, how: 503, times: 4 });
    world.goesBy(2 * 60_000);
    expect(await sendAsSlack(world, twice)).toMatchObject({ status: 200, body: undefined });
  });
});
