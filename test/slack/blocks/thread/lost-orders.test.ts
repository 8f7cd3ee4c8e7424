import { describe, expect, test } from '@jest/globals';
import { answerUnknown, placed, placingAgain } from '../../../../src/orders/domain/transitions.js';
import { announcement } from '../../../../src/slack/blocks/thread/announcements.js';
import { expectStatus, noon, placingOrder, requester } from '../../../support/sample-orders.js';

const said = (...given: Parameters<typeof announcement>) => announcement(...given).text;

const unanswered = () =>
  expectStatus(answerUnknown(placingOrder(), noon, noon, { heard: 'nothing' }), 'placing');

describe('the thread of an order says', () => {
  test('that the outcome is unknown and nothing is bought twice', () => {
    const text = said(answerUnknown(placingOrder(), noon, noon, { heard: 'nothing' }), 'unknown');
    expect(text).toContain("<@UREQUESTER> Bandwidth didn't answer");
    expect(text).toContain('nothing is bought twice');
  });

  test.each([
    [503, "Bandwidth answered with error 503, so I don't know yet"],
    [201, "Bandwidth answered, but didn't say whether it accepted the order, so I don't know yet"],
    [undefined, "I was interrupted before I had Bandwidth's answer, so I don't know yet"],
  ])('what Bandwidth answered to a request that it may have accepted: %s', (heard, sentence) => {
    expect(
      said(answerUnknown(placingOrder(), noon, noon, heard === undefined ? {} : { heard }), 'unknown'),
    ).toContain(sentence);
  });

  test('what errors an inconclusive answer had, cut and without mentions', () => {
    const faults = [{ code: '5005', description: `Gone. <!channel> ${'x'.repeat(5_000)}`, numbers: [] }];
    const text = said(answerUnknown(placingOrder(), noon, noon, { heard: 201, faults }), 'unknown');
    expect(text).toContain('Bandwidth says:\n• 5005: Gone. &lt;!channel&gt;');
    expect(text.length).toBeLessThan(1_000);
  });

  test('what Bandwidth answered, even if the order has been found since', () => {
    const lost = expectStatus(answerUnknown(placingOrder(), noon, noon, { heard: 503 }), 'placing');
    expect(said(placed(lost, 'carrier-1', noon, noon), 'unknown')).toContain('error 503');
  });

  test('that it was sent again: by whom, or why nobody was asked', () => {
    const lost = unanswered();
    const onAWord = placingAgain(lost, { by: requester, at: noon }, noon);
    expect(said(onAWord, 'again')).toBe('<@UREQUESTER> resubmitted the order.');
    expect(said(placingAgain(lost, { at: noon }, noon), 'again')).toBe(
      'I looked several times, and Bandwidth has no record of this order, so I resubmitted it. Each of these numbers can be bought only once, so nothing is bought twice.',
    );
  });

  test('that it left no trace: after one request it is not sent again by itself, nor after two', () => {
    expect(said(unanswered(), 'untraced')).toContain("but I won't resubmit it on my own");
    const again = placingAgain(unanswered(), { at: noon }, noon);
    expect(said(again, 'untraced')).toContain(
      "but I've sent it twice already, so I'm asking before I do anything more",
    );
  });
});
