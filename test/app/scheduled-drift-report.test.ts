import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import { asRead, people, startWorld, type World } from '../support/world.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const REPORTS = { id: 'C0REPORTS', name: 'reports', members: Object.values(people).map(({ id }) => id) };
let world: World;
afterEach(() => world.close());

/** A world with a channel for reports, where Ana waits for an approval. */
async function withReports(
  channel: object = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  world = await startWorld({
    clockStands: true,
    slack: { channels: [numbersChannel, { ...REPORTS, ...channel }] },
    settings: { REPORT_CHANNEL: REPORTS.id, APPROVAL_TTL: '14d', ...settings },
  });
  await world.requested('910 x2');
}

const reports = () => world.slack.messages(REPORTS.id);
const says = (line: string) => world.log.some(({ msg }) => String(msg).includes(line));

describe('With REPORT_CHANNEL', () => {
  test('the drift report is posted once a day, even after a restart, and Ben explains it for everyone', async () => {
    await withReports({}, { REPORT_SCHEDULE: '0 9 * * *' });
    world.goesBy(3 * DAY);
    const report = await world.slack.until(() => reports()[0], { describe: 'the report' });
    expect(asRead(asPlainText(report))).toContain('Orders waiting unusually long for approval: 1');

    await world.restart();
    await world.ben.presses(report, 'This is fine…');
    const form = await world.ben.form();
    await form.fill('Why?', 'Waiting for the contract');
    expect(await form.submit()).toBe('closed');
    await world.says(report, 'This is fine, says @ben');
    expect(asRead(asPlainText(report))).toContain('Waiting for the contract');
    expect(reports()).toHaveLength(1);

    world.goesBy(DAY);
    const next = await world.slack.until(() => reports()[1], { describe: 'the next report' });
    expect(asPlainText(next)).not.toContain('waiting unusually long');
    expect(asPlainText(next)).toContain("1 thing explained earlier isn't listed");
  });

  test('Ben is told that his explanation is on record although Slack does not let the report be redrawn', async () => {
    await withReports({}, { REPORT_SCHEDULE: '0 9 * * *' });
    world.goesBy(3 * DAY);
    const report = await world.slack.until(() => reports()[0], { describe: 'the report' });
    await world.ben.presses(report, 'This is fine…');
    const form = await world.ben.form();
    world.slack.fail('chat.update', { status: 500, times: 99 });
    expect(await form.submit()).toBe('closed');
    await world.slack.until(
      () =>
        world.ben.ephemerals(REPORTS.id).some((each) => asPlainText(each).includes('is on record as fine')),
      { describe: 'the answer to Ben' },
    );
  });

  test('two people explain two drifts of the report at the same time, and it shows both', async () => {
    await withReports({}, { REPORT_SCHEDULE: '0 9 * * *' });
    await world.requested('984');
    world.goesBy(3 * DAY);
    const report = await world.slack.until(() => reports()[0], { describe: 'the report' });
    await world.ben.presses(report, 'This is fine…');
    const bens = await world.ben.form();
    await world.ana.presses(report, 'All are fine…');
    const anas = await world.ana.form();
    expect(await Promise.all([bens.submit(), anas.submit()])).toEqual(['closed', 'closed']);
    await world.slack.until(() => asPlainText(report).match(/This is fine, says/g)?.length === 2, {
      describe: 'both explanations',
    });
  });

  test('a guest in its channel can neither explain anything nor get the file', async () => {
    await withReports({}, { REPORT_SCHEDULE: '0 9 * * *' });
    world.goesBy(3 * DAY);
    const report = await world.slack.until(() => reports()[0], { describe: 'the report' });
    world.slack.changePerson(people.dan.id, { guest: 'multi-channel' });
    for (const label of ['This is fine…', 'CSV']) {
      const before = world.dan.ephemerals(REPORTS.id).length;
      await world.dan.presses(report, label);
      const answer = await world.slack.until(() => world.dan.ephemerals(REPORTS.id)[before], {
        describe: label,
      });
      expect(asPlainText(answer)).toContain("Guests can't use me");
    }
    expect(world.dan.directMessages()).toEqual([]);
  });

  test.each([
    ['that is archived', { archived: true }, 'is archived: no drift report is posted'],
    ['that the app is not in', { botIsMember: false }, "is a channel that the app isn't in"],
    [
      'that is shared with another company',
      { sharedWith: 'company' },
      'is shared with another company: no drift report is posted',
    ],
  ])('naming a channel %s, the log says so at startup, and nothing is posted', async (_, channel, line) => {
    await withReports(channel);
    await world.slack.until(() => says(`REPORT_CHANNEL ${REPORTS.id} ${line}`), { describe: line });
    world.goesBy(WEEK);
    await world.slack.until(() => says('drift report not posted; the next one comes as scheduled'), {
      describe: 'the log line',
    });
    expect(reports()).toEqual([]);
  });

  test('naming a channel that does not exist, the log says so at startup', async () => {
    world = await startWorld({ settings: { REPORT_CHANNEL: 'C0NOWHERE' } });
    const line = "REPORT_CHANNEL C0NOWHERE doesn't exist, or is a private channel that the app isn't in";
    await world.slack.until(() => says(line), { describe: line });
    expect(world.log.filter(({ level }) => level === 50)).toHaveLength(1);
  });
});

test('With REPORT_SCHEDULE alone, nothing is posted and the settings say so', async () => {
  world = await startWorld({ settings: { REPORT_SCHEDULE: '0 12 * * *' } });
  expect(world.config.report).toBeUndefined();
  expect(world.config.warnings).toContainEqual(expect.stringContaining('REPORT_CHANNEL is not'));
});
