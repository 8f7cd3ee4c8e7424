/** The result of one check: all is well, something is wrong, or it couldn't be found out. */
export type Finding =
  | { readonly check: string; readonly answer: 'ok'; readonly says: string }
  /** `fix` is absent when `says` includes it. Each is a whole sentence. */
  | { readonly check: string; readonly answer: 'wrong'; readonly says: string; readonly fix?: string }
  /** `says` is the reason. */
  | { readonly check: string; readonly answer: 'not-known'; readonly says: string };

export const ok = (check: string, says: string): Finding => ({ check, answer: 'ok', says });

export const wrong = (check: string, says: string, fix?: string): Finding => ({
  check,
  answer: 'wrong',
  says,
  ...(fix === undefined ? {} : { fix }),
});

export const undetermined = (check: string, says: string): Finding => ({ check, answer: 'not-known', says });

export const isWrong = (finding: Finding): finding is Extract<Finding, { answer: 'wrong' }> =>
  finding.answer === 'wrong';

/** Returns whatever is to be done about a finding, or its reason, as one text. */
export const inFull = (finding: Finding): string =>
  'fix' in finding && finding.fix !== undefined ? `${finding.says} ${finding.fix}` : finding.says;

/** The same with what was checked, unless the sentence begins with it, as it stands in a log line or on a terminal. */
export const withCheck = (finding: Finding): string =>
  finding.says.startsWith(`${finding.check} `) ? inFull(finding) : `${finding.check}: ${inFull(finding)}`;
