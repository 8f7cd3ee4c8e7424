import { showNotice } from './notice.js';

let queue = Promise.resolve();

/**
 * Tells the server what a person did; one thing after the other, because what was typed must arrive before it is
 * submitted. What went wrong is shown; the answer is `{}` then.
 * @param {'slack' | 'bandwidth'} side
 * @param {string} act
 * @param {object} body
 * @returns {Promise<Record<string, any>>}
 */
export function post(side, act, body) {
  const answer = queue.then(async () => {
    const response = await fetch(`/api/${side}/${act}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const said = await response.json();
    const problem = said.problem ?? said.error;
    if (problem !== undefined) showNotice(problem);
    return response.ok ? said : { problem };
  });
  const safe = answer.catch(() => {
    showNotice("The sandbox isn't responding. Is it still running?");
    return { problem: 'no answer' };
  });
  queue = safe.then(() => undefined);
  return safe;
}

/**
 * Follows what one person sees; gives the way to stop.
 * @param {string} person
 * @param {{ slack: (seen: any) => void, bandwidth: (seen: any) => void }} draw
 */
export function follow(person, draw) {
  const source = new EventSource(`/api/live?as=${encodeURIComponent(person)}`);
  source.addEventListener('slack', ({ data }) => draw.slack(JSON.parse(data)));
  source.addEventListener('bandwidth', ({ data }) => draw.bandwidth(JSON.parse(data)));
  source.addEventListener('error', () => showNotice('Connection lost. Reconnecting…'));
  source.addEventListener('open', () => showNotice(undefined));
  return () => source.close();
}
