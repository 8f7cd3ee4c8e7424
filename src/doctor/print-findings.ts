import { type Finding, inFull, isWrong, withCheck } from './finding.js';

export const marks: Readonly<Record<Finding['answer'], string>> = { ok: '✓', wrong: '✗', 'not-known': '?' };

/** The lines that `npm run doctor` prints: one for each check, and one that sums up. */
export function printFindings(findings: readonly Finding[]): readonly string[] {
  const lines = findings.map((finding) => {
    const line =
      finding.answer === 'not-known' ? `${finding.check}: not known. ${inFull(finding)}` : withCheck(finding);
    return `${marks[finding.answer]} ${line.replaceAll('\n', ' ')}`;
  });
  return [...lines, summary(findings)];
}

function summary(findings: readonly Finding[]): string {
  const bad = findings.filter(isWrong).length;
  const unknown = findings.filter(({ answer }) => answer === 'not-known').length;
  const known = unknown === 0 ? '' : ` ${unknown} couldn't be checked.`;
  if (bad === 0) return `Nothing is wrong.${known}`;
  return `${bad} ${bad === 1 ? 'thing is' : 'things are'} wrong.${known}`;
}

/** The same as one JSON document. */
export const asJson = (findings: readonly Finding[]): string =>
  JSON.stringify({ ok: !findings.some(isWrong), findings }, undefined, 2);
