import { describe, expect, test } from '@jest/globals';
import { codeSpan, cut, escapeText, plainText, withoutMarks } from '../../../src/slack/text/escape.js';
import { fc } from '../../support/properties.js';

const typed = fc.string({ unit: 'grapheme', maxLength: 80 });
const wellFormed = (text: string) => text === Buffer.from(text, 'utf8').toString('utf8');

/** What a reader sees: the invisible marks are gone and the entities are read. */
const seen = (text: string) =>
  text.replaceAll('\u200B', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

describe('what a person typed, in mrkdwn,', () => {
  test.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U123>', '&lt;@\u200BU123&gt;'],
    ['R&D', 'R&amp;D'],
    ['*bold*', '*\u200Bbold*\u200B'],
    [':tada:', ':\u200Btada:\u200B'],
    ['> said', '\u200B&gt; said'],
    ['a > b', 'a &gt; b'],
    ['one\n> two', 'one\n\u200B&gt; two'],
    ['@here #general', '@\u200Bhere #\u200Bgeneral'],
  ])('%j does nothing', (text, drawn) => {
    expect(escapeText(text)).toBe(drawn);
  });

  test('reads as typed, mentions no one and formats nothing', () => {
    fc.assert(
      fc.property(fc.oneof(typed, fc.stringMatching(/^[<>&*_~`:@#a\n]{0,40}$/)), (text) => {
        const drawn = escapeText(text);
        expect(seen(drawn)).toBe(text.replaceAll('\u200B', ''));
        expect(drawn).not.toMatch(/[<>]/);
        expect(drawn).not.toMatch(/[*_~`:@#](?!\u200B)/);
        expect(drawn).not.toMatch(/&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  test('fits the limit, without half an entity or half a character', () => {
    fc.assert(
      fc.property(typed, fc.integer({ min: 0, max: 60 }), (text, max) => {
        const drawn = escapeText(text, max);
        expect(drawn.length).toBeLessThanOrEqual(max);
        expect(drawn).not.toMatch(/&(?!amp;|lt;|gt;)/);
        expect(wellFormed(drawn)).toBe(true);
      }),
    );
    expect(escapeText('&&&', 12)).toBe('&amp;&amp;…');
  });
});

describe('what a person typed, in bold,', () => {
  test('has no mark that could end the bold early', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[*_~`a8 ]{0,40}$/), (text) => {
        expect(withoutMarks(text)).not.toMatch(/[*_~`]/);
        expect(withoutMarks(text)).toHaveLength(text.length);
      }),
    );
  });
});

describe('a text that is too long', () => {
  test('is cut between characters, and says so', () => {
    expect(cut('Raleigh', 7)).toBe('Raleigh');
    expect(cut('Raleigh', 6)).toBe('Ralei…');
    expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12)).toBe('👩‍👩‍👧‍👦…');
    expect(cut('😀😀', 2)).toBe('…');
    expect(cut('😀', 0)).toBe('');
  });

  test('keeps its beginning, whatever it is', () => {
    fc.assert(
      fc.property(typed, fc.nat(60), (text, max) => {
        const short = cut(text, max);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(wellFormed(short)).toBe(true);
        expect(short === text || text.startsWith(short.slice(0, -1))).toBe(true);
      }),
    );
  });
});

test('code cannot be ended by its content', () => {
  expect(codeSpan('a`b <!here> *c*')).toBe("`a'b &lt;!here&gt; *c*`");
});

test('a plain object leaves emoji codes as they are', () => {
  expect(plainText(':tada: *x*')).toEqual({ type: 'plain_text', text: ':tada: *x*', emoji: false });
});
