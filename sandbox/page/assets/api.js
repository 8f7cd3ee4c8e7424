import { showNotice } from './notice.js';

let queue = Promise.resolve();

/**
 * Sends a person's action to the server. Actions are sent one by one, because typed text must arrive before it is
 * submitted. Shows an error and returns `{}` when the action fails.
 * @param {'slack' | 'bandwidth' | 'settings'} side
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
 * Subscribes to what one person sees and returns a function that stops.
 * @param {string} person
 * @param {{ slack: (seen: any) => void, bandwidth: (seen: any) => void, settings: (seen: any) => void }} draw
 */
export function follow(person, draw) {
  const source = new EventSource(`/api/live?as=${encodeURIComponent(person)}`);
  source.addEventListener('slack', ({ data }) => draw.slack(JSON.parse(data)));
  source.addEventListener('bandwidth', ({ data }) => draw.bandwidth(JSON.parse(data)));
  source.addEventListener('settings', ({ data }) => draw.settings(JSON.parse(data)));
  source.addEventListener('error', () => showNotice('Connection lost. Reconnecting…'));
  source.addEventListener('open', () => showNotice(undefined));
  return () => source.close();
}
