import { z } from 'zod';
import { length, limits } from './block-limits.js';

// What Slack accepts as texts and ids.

export function string(max: number, min = 1) {
  return z.string().superRefine((value, context) => {
    const size = length(value);
    if (size < min) context.addIssue({ code: 'custom', message: `must be more than ${min - 1} characters` });
    if (size > max) context.addIssue({ code: 'custom', message: `must be less than ${max + 1} characters` });
  });
}

export const plain = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: string(max),
    emoji: z.boolean().optional(),
  });
export const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: string(max), verbatim: z.boolean().optional() });
export const anyText = (max: number) => z.discriminatedUnion('type', [plain(max), mrkdwn(max)]);

export const id = string(limits.id);
