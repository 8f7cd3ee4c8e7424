import { EXIT_FAILED, endWith } from '../config/load-or-exit.js';
import { healthAddress } from './health-address.js';

/*
 * The health check of the container image, which has no curl: exits with 0 if the app beside it answers, otherwise with
 * 1. An outage of Slack or of the database doesn't make the container unhealthy, because a restart wouldn't end it.
 */
const HEALTH_TIMEOUT_MS = 4_000;

try {
  const url = healthAddress(process.env);
  const answer = await fetch(url, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
  process.stdout.write(await answer.text());
  if (!answer.ok) endWith(`${url} answered ${answer.status}`, EXIT_FAILED);
} catch (error) {
  endWith(`the app doesn't answer: ${String(error)}`, EXIT_FAILED);
}
