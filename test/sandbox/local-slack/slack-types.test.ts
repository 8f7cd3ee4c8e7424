import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { generateSlackTypes } from './slack-types.js';

const FILE = 'sandbox/local-slack/slack-types.json';

test('the schema matches the installed @slack/types; WRITE_SLACK_TYPES=1 writes it again', () => {
  const generated = generateSlackTypes();
  if (process.env.WRITE_SLACK_TYPES === '1') writeFileSync(FILE, `${JSON.stringify(generated, null, 2)}\n`);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(generated);
});
