import {
  importTemplates,
  TEMPLATES_COMMENT,
  templatesSentAnswer,
} from '../blocks/answers/import-templates.js';
import type { PrivateAnswers } from '../messages/private-answers.js';
import { sendFiles } from '../messages/send-files.js';
import type { Subcommands } from './numbers-command.js';

/** `/numbers import template`. Slack has no files that only one person sees in a channel, so they go directly. */
export const onImportTemplate =
  ({ answers }: { readonly answers: PrivateAnswers }): Subcommands['import-template'] =>
  async (_, { ack, client, person, recipient }) => {
    await ack();
    await sendFiles(client, person, TEMPLATES_COMMENT, importTemplates());
    await answers.send(recipient, templatesSentAnswer);
  };
