import { Ajv, type ErrorObject } from 'ajv';
import slackTypes from './slack-types.json' with { type: 'json' };

/**
 * What Slack's own types (`@slack/types`) say blocks and views look like: `slack-types.json` is generated from them, and
 * a test holds that it is current. It knows structure and nothing of lengths, which are block-rules.ts's.
 */
const ajv = new Ajv({
  discriminator: true,
  allErrors: true,
  strict: false,
  validateSchema: false,
  inlineRefs: false,
});
// At once rather than at the first call: a trigger_id does not wait.
const validate = ajv.compile({ ...slackTypes, $ref: '#/definitions/Drawable' });

/**
 * What the types have against a block or a view, as Slack puts it into response_metadata.messages; `root` is the JSON
 * pointer to what is given.
 */
export function structureComplaints(given: unknown, root: string): readonly string[] {
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
