import { createHmac } from 'node:crypto';

/**
 * Returns the headers that prove a request comes from Slack.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function signatureHeaders(
  signingSecret: string,
  body: string,
  now: number,
): { readonly 'x-slack-request-timestamp': string; readonly 'x-slack-signature': string } {
  const seconds = String(Math.floor(now / 1000));
  const digest = createHmac('sha256', signingSecret).update(`v0:${seconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${digest}` };
}
