import { describe, expect, test } from '@jest/globals';
import { Parser } from 'xml2js';
import { decodeSearch } from '../../src/bandwidth/decode/decode.js';
import { MalformedXml, parseXml } from '../../src/bandwidth/xml.js';
import { fc, runs } from '../support/properties.js';
import { fixture, recordingLog } from './support.js';

const search = async (text: string) => decodeSearch(await parseXml(text), recordingLog());

describe('A document is refused', () => {
  test.each([
    ['nothing', '', 'empty'],
    ['blanks', ' \n\t', 'empty'],
    [
      'a web page',
      '<!DOCTYPE html>\n<html><head><title>502</title></head><body><hr></body></html>',
      'a web page',
    ],
    ['a tidy web page', '<html><body><p>502</p></body></html>', 'a web page'],
    ['JSON', '{"error":"invalid_client"}', 'JSON'],
    ['plain text', 'upstream connect error', 'not XML'],
    ['half a document', fixture('search-detail.xml').slice(0, 300), 'broken XML or cut short'],
    ['a crossed element', '<a><b></a></b>', 'broken XML or cut short'],
    [
      'a billion laughs',
      '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
      'broken XML or cut short',
    ],
    [
      'a file of ours',
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><SearchResult>&f;</SearchResult>',
      'broken XML or cut short',
    ],
  ])('that is %s', async (_what, text, why) => {
    const reading = parseXml(text);
    await expect(reading).rejects.toBeInstanceOf(MalformedXml);
    await expect(reading).rejects.toThrow(why);
  });
});

describe('A hostile document', () => {
  test('does not reach the prototype of anything', async () => {
    const text = `<SearchResult><__proto__><polluted>yes</polluted></__proto__><constructor><prototype><polluted>yes</polluted></prototype></constructor>
      <TelephoneNumberList><TelephoneNumber>9105550123</TelephoneNumber><__proto__>x</__proto__></TelephoneNumberList></SearchResult>`;
    expect(await search(text)).toEqual([{ number: '+19105550123' }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('with names the parser uses itself is read like any other', async () => {
    const text =
      '<SearchResult><_>x</_><_/><cdata>y</cdata><__proto__/><TelephoneNumberList><_>z</_><TelephoneNumber><_/>9105550123</TelephoneNumber></TelephoneNumberList></SearchResult>';
    expect(await search(text)).toEqual([{ number: '+19105550123' }]);
  });

  test('a hundred thousand levels deep is read without harm', async () => {
    const text = `<SearchResult>${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</SearchResult>`;
    expect(await search(text)).toEqual([]);
  });

  test('a number a hundred thousand levels deep is not searched for', async () => {
    const deep = 100_000;
    const text = `<SearchResult><TelephoneNumberList>${'<TelephoneNumber>'.repeat(deep)}9105550123${'</TelephoneNumber>'.repeat(deep)}</TelephoneNumberList></SearchResult>`;
    expect(await search(text)).toEqual([]);
  });

  test('of any kind is answered: read or refused, never left hanging', async () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      '<a>',
      '</a>',
      '<_>',
      '</_>',
      '<a/>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?x',
      '?>',
      '&',
      '&lt;',
      '&#0;',
      '<__proto__>',
      '</__proto__>',
      '<constructor/>',
      '<a:b>',
      '</a:b>',
      ' x="1"',
      '<!DOCTYPE a [',
      'text',
      '\u0000',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        await parseXml(pieces.join('')).catch((error: unknown) => expect(error).toBeInstanceOf(MalformedXml));
      }),
      { numRuns: runs(1000) },
    );
  });
});

/** What xml2js itself makes of it, with blanks around text taken away; undefined when it is no document. */
async function asXml2jsReadsIt(text: string): Promise<unknown> {
  const parser = new Parser({
    explicitArray: false,
    ignoreAttrs: true,
    trim: true,
    emptyTag: '',
    charkey: '#text',
    tagNameProcessors: [(name) => name.replace(/^.*:/, '').toLowerCase()],
  });
  try {
    return trimmed(await parser.parseStringPromise(text));
  } catch {
    return undefined;
  }
}

function trimmed(content: unknown): unknown {
  if (typeof content === 'string') return content.trim();
  if (Array.isArray(content)) return content.map(trimmed);
  return Object.fromEntries(Object.entries(content ?? {}).map(([name, child]) => [name, trimmed(child)]));
}

test('Elements, text, CDATA, comments and attributes in any order are read as xml2js reads them', async () => {
  const piece = fc.constantFrom(
    ...['<a>', '</a>', '<b>', '</b>', '<B/>', '<n:c>', '</n:c>', '<a t="1">', '<d/>', ' x ', 'y', '\n', '😀'],
    ...['&lt;', '&amp;', '&#x41;', '<![CDATA[ q ]]>', '<![CDATA[<z>]]>', '<!-- c -->'],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
      const text = `<r>${pieces.join('')}</r>`;
      const read = await parseXml(text).then(
        ({ root, content }) => ({ [root]: content }),
        () => undefined,
      );
      expect(read).toEqual(await asXml2jsReadsIt(text));
    }),
    { numRuns: runs(1000) },
  );
});

describe('Five thousand numbers with their details', () => {
  const text = `<SearchResult><ResultCount>5000</ResultCount><TelephoneNumberDetailList>${Array.from(
    { length: 5000 },
    (_, n) =>
      `<TelephoneNumberDetail><City>FAYETTEVILLE</City><LATA>949</LATA><RateCenter>FAYETTEVL</RateCenter><State>NC</State><FullNumber>910555${String(n).padStart(4, '0')}</FullNumber><Tier>0</Tier><VendorId>49</VendorId><VendorName>Bandwidth CLEC</VendorName></TelephoneNumberDetail>`,
  ).join('')}</TelephoneNumberDetailList></SearchResult>`;

  test('are read while other work gets its turn', async () => {
    await search(text); // once to warm up
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    const parsed = await parseXml(text);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(10);
    expect(await decodeSearch(parsed, recordingLog())).toHaveLength(5000);
  });

  test('do not get mixed up with another document read at the same time', async () => {
    const [many, few] = await Promise.all([search(text), search(fixture('search-plain.xml'))]);
    expect([many.length, few.length]).toEqual([5000, 2]);
  });
});
