import { type Finding, ok, undetermined, wrong } from './finding.js';

/** The `Date` of an answer has whole seconds and is as old as the answer, so less than this says nothing. */
const MAY_DIFFER_MS = 30_000;

/** Compares this machine's clock with the times in Slack's and Bandwidth's answers. */
export function checkClocks(aheadMs: Readonly<Record<string, number | undefined>>): readonly Finding[] {
  return Object.entries(aheadMs).map(([name, ahead]) => {
    const check = `Clock and ${name}`;
    if (ahead === undefined) return undetermined(check, `${name} didn't send its time.`);
    const seconds = Math.round(Math.abs(ahead) / 1000);
    if (Math.abs(ahead) <= MAY_DIFFER_MS)
      return ok(check, `They agree to within ${Math.max(2, seconds)} seconds.`);
    return wrong(
      check,
      `This machine's clock is ${seconds} seconds ${ahead > 0 ? 'ahead of' : 'behind'} ${name}'s: approvals expire at the wrong time, and the journal has wrong times.`,
      'Turn on time synchronization (NTP).',
    );
  });
}
