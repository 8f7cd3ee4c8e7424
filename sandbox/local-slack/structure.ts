import { Ajv, type ErrorObject } from 'ajv';
import slackTypes from './slack-types.json' with { type: 'json' };

/**
 * Checks blocks and views against Slack's own types (`@slack/types`). `slack-types.json` is generated from them, and a
 * test verifies that it is current. Lengths are checked by the rules beside it (`block-rules.ts`).
 */
const ajv = new Ajv({
  discriminator: true,
  allErrors: true,
  strict: false,
  validateSchema: false,
  inlineRefs: false,
  // Optimizing takes longer than all the checks it speeds up.
  code: { optimize: false },
});
// Compiled at startup, because a trigger_id would expire during the first call.
const validate = ajv.compile({ ...slackTypes, $ref: '#/definitions/Drawable' });

/**
 * Returns the errors in a block or a view, in the form of Slack's response_metadata.messages. `root` is the JSON
 * pointer to the value.
 */
export function structureErrors(given: unknown, root: string): readonly string[] {
  if (validate(given)) return [];
  return (validate.errors ?? []).map(
    (error) => `[ERROR] ${sentenceFor(error)} [json-pointer:${root}${error.instancePath}]`,
  );
}

function sentenceFor({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties':
      return `invalid additional property: ${params.additionalProperty}`;
    case 'required':
      return `missing required field: ${params.missingProperty}`;
    case 'discriminator':
      return `unsupported type: ${params.tagValue}`;
    default:
      return message ?? keyword;
  }
}
