import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeStock } from '../support/disconnect-steps.js';
import { askedAboutNumbers, said } from '../support/inventory.js';
import { type KillableApp, makeKillableApp } from '../support/killable-app.js';
import { until } from '../support/until.js';
import { startWorld, type World } from '../support/world.js';

/** Three pages, and three locations. */
const COUNT = 5_100;
const WHOLE = '1–10 of 5,100';
const STILL_READING = "I'm still reading the account's numbers";

let app: KillableApp;
let world: World;
beforeAll(async () => {
  app = makeKillableApp(2_000);
  world = await startWorld({ run: app.run, bandwidth: { inService: { ours: makeStock(COUNT).all } } });
});
afterAll(async () => {
  await world.close();
  app.remove();
});

test('An app that is killed in the middle of a walk continues it, and never takes half a walk for the whole account', async () => {
  const asked = () => askedAboutNumbers(world);
  // Asking for the list begins the walk at once. After the last of these calls, the app puts everything together.
  for (const call of ['GET api/tns 1', 'GET api/tns 9102422500', 'GET 303716/tns 1']) {
    const answer = await said(world, 'list');
    expect(answer).toContain(STILL_READING);
    await until(() => asked().includes(call), call);
    await world.restart();
    const drift = await said(world, 'drift');
    if (!(await said(world, 'list')).includes(WHOLE)) {
      expect(drift).toContain("I haven't listed all of the account's numbers yet");
    }
  }
  let answer = await said(world, 'list');
  while (answer.includes(STILL_READING)) answer = await said(world, 'list');
  expect(answer).toContain(WHOLE);
  // What was on record when the app was killed isn't read again.
  expect(asked().filter((each) => each.startsWith('GET inserviceNumbers'))).toHaveLength(1);
  expect(asked().filter((each) => each === 'GET api/tns 1').length).toBeLessThanOrEqual(2);
  const drift = await said(world, 'drift');
  expect(drift).toContain('Numbers that no order explains: 5,100');
  expect(drift).not.toContain('gone');
});
