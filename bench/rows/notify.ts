import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { people } from '../../sandbox/sample-workspace.js';
import { CHANNEL, type MeasuredApp, startMeasuredApp } from '../app-to-measure.js';
import { median, quantile } from '../figures.js';
import type { Finding, Row } from '../row.js';

const GOAL_MS = 1_000;

export const notify: Row = {
  name: 'notify',
  about: 'from a submitted request to the notification of the people who can decide',
  async run({ times }) {
    const findings: Finding[] = [];
    for (const way of ['thread', 'dm'] as const) {
      const measured = await startMeasuredApp({ settings: { NOTIFY_APPROVERS: way } });
      try {
        const took: number[] = [];
        for (let i = 0; i < times; i++) took.push(await submittedToNotified(measured));
        const p99 = quantile(took, 0.99);
        findings.push({
          what: `request submitted → approver notified, ${way}`,
          unit: 'ms',
          median: median(took),
          p99,
          goal: `p99 ≤ ${GOAL_MS} ms`,
          met: p99 <= GOAL_MS,
        });
      } finally {
        await measured.close();
      }
    }
    return findings;
  },
};

async function submittedToNotified({ slack }: MeasuredApp): Promise<number> {
  const ana = slack.person(people.ana.id);
  const ben = slack.person(people.ben.id);
  const calls = () => ben.notifications().filter((each) => /please decide/i.test(asPlainText(each))).length;
  const before = calls();
  await ana.types(CHANNEL, '/numbers order 919');
  const form = await ana.form();
  await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'To be measured');
  const began = performance.now();
  await form.submit();
  await slack.until(() => calls() > before, { describe: 'the notification' });
  return performance.now() - began;
}
