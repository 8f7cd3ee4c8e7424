import { expect, test } from '@jest/globals';
import { announcementsOfMoreLines } from '../../../../src/orders/domain/due-announcements.js';
import { announcement } from '../../../../src/slack/blocks/thread/announcements.js';
import { startOrdersApp } from '../../../support/orders/orders-app.js';
import { lines, searched } from '../../../support/orders/people.js';
import { lostOnTheWay, notTaken } from '../../../support/orders/scripted-carrier.js';

const MINUTE = 60_000;

test('news about some lines says which; later news in the thread is about others alone', async () => {
  const app = startOrdersApp();
  const later = notTaken(app.clock.now() + 5 * MINUTE);
  app.carrier.onPlace(lostOnTheWay, later, later, lostOnTheWay, lostOnTheWay);
  await app.request('o1', lines(searched('910', 1), searched('919', 2), searched('704', 3)));
  await app.approve('o1');
  await app.live(2 * MINUTE);
  const { announced, announcedLines: _, ...before } = app.order('o1');
  const first = { ...before, announced: announced.filter((kind) => kind !== 'untraced') };
  expect(announcement(first, 'untraced').text).toContain(
    'This is about 1 of the 3 lines: 1 in area code 910.',
  );

  await app.live(10 * MINUTE);
  const after = app.order('o1');
  const heard = after.announcedLines?.map((each) =>
    each.kind === 'untraced' ? { ...each, lines: [1] } : each,
  );
  const second = { ...after, announcedLines: heard ?? [] };
  expect(announcementsOfMoreLines(second).map(({ kind }) => kind)).toEqual(['untraced']);
  const { text } = announcement(second, 'untraced');
  expect(text).toContain('This is about 2 of the 3 lines: 2 in area code 919 · 3 in area code 704.');
  expect(text).not.toContain('area code 910');
});
