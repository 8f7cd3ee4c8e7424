import type { BlockAction, Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { inTimeOr } from '../../orders/in-time.js';
import type { Log } from '../../orders/ports/log.js';
import type {
  CurrentReport,
  DriftToExplain,
  ExplainDrift,
  Explaining,
  ExplainRefusal,
  MayExplain,
} from '../../orders/use-cases/explain-drift.js';
import type { LinksOf } from '../../orders/use-cases/links-of.js';
import { type AskDrift, isBarred } from '../../orders/use-cases/report-drift.js';
import { personOf } from '../access/people.js';
import {
  alreadyExplainedAnswer,
  comparingAnswer,
  driftFileComment,
  driftFileSentAnswer,
  explainedAnswer,
  noDriftAnswer,
  reportGoneAnswer,
} from '../blocks/answers/drift-answers.js';
import { driftFile } from '../blocks/answers/drift-csv.js';
import { driftReport, ordersIn } from '../blocks/answers/drift-report.js';
import { readDriftValue } from '../blocks/answers/drift-values.js';
import { OUTDATED_FORM } from '../blocks/answers/problems.js';
import { barSentence } from '../blocks/bar-words.js';
import { explainForm, readExplainForm } from '../blocks/forms/explain-form.js';
import type { Message } from '../blocks/message.js';
import type { Press } from '../messages/card-presses.js';
import { openForm } from '../messages/open-form.js';
import { type PrivateAnswers, type Recipient, recipientOf } from '../messages/private-answers.js';
import { sendFiles } from '../messages/send-files.js';
import { slackCode } from '../messages/slack-errors.js';
import type { Subcommands } from './numbers-command.js';

interface Deps {
  readonly askDrift: AskDrift;
  readonly mayExplainDrift: MayExplain;
  readonly explainDrift: ExplainDrift;
  readonly linksOf: LinksOf;
  readonly answers: PrivateAnswers;
  readonly log: Pick<Log, 'warn'>;
}

/** `/numbers drift`: only the person who asks sees the answer. */
export const onDrift =
  ({ askDrift, linksOf, answers }: Deps): Subcommands['drift'] =>
  async (_, typed) => {
    await typed.ack();
    const asked = await withNoticeIfSlow(askDrift(typed.person), answers, typed.recipient);
    const answer = isBarred(asked)
      ? { text: barSentence(asked.bar) }
      : driftReport(asked.report, await linksOf(ordersIn(asked.report)));
    await answers.send(typed.recipient, answer);
  };

/** **This is fine…** and **All are fine…** open a form for the reason, if this person may explain it. */
export const onExplainDrift =
  ({ mayExplainDrift, linksOf, answers }: Deps): Press =>
  async ({ ack, action, body, client, context }) => {
    const what = readDriftValue(action.value ?? '');
    const may = what === undefined ? { gone: true as const } : await mayExplainDrift(what, personOf(context));
    if (what !== undefined && 'subjects' in may) {
      // A trigger id expires after three seconds, so the form opens first.
      await openForm(client, body.trigger_id, explainForm(what, may, placeOf(body)));
      await ack();
      return;
    }
    await ack();
    const recipient = recipientOf(body);
    if (recipient === undefined || 'subjects' in may) return;
    if ('already' in may) {
      const links = await linksOf(ordersIn(may.report));
      await answers.replace(recipient, driftReport(may.report, links, may.explanations));
    }
    await answers.send(recipient, refusalAnswer(may));
  };

/** The explanation is recorded before the form closes. */
export const onExplainForm =
  ({ explainDrift, linksOf, answers, log }: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, client, context }) => {
    const read = readExplainForm(view);
    const person = personOf(context);
    if (read === undefined) {
      await ack();
      await answers.send({ userId: person.userId }, { text: OUTDATED_FORM });
      return;
    }
    const { what, place, reason } = read;
    const result = await explainDrift(view.id, what, person, reason);
    await ack();
    const recipient = { userId: person.userId, channelId: place.channelId };
    if (isBarred(result) || 'gone' in result) {
      await answers.send(recipient, refusalAnswer(result));
      return;
    }
    const answer = 'already' in result ? refusalAnswer(result) : explainedAnswer(what, result);
    const isRedrawn = await redraw(result);
    if ('already' in result || !isRedrawn || explainsMoreThanShown(what, result))
      await answers.send(recipient, answer);

    /** Returns false if the report couldn't be drawn again. Never rejects, because the explanation is on record. */
    async function redraw({ report, explanations }: CurrentReport): Promise<boolean> {
      const { channelId, ts, responseUrl } = place;
      try {
        const message = driftReport(report, await linksOf(ordersIn(report)), explanations);
        if (ts !== undefined) await client.chat.update({ channel: channelId, ts, ...message });
        else if (responseUrl === undefined) return false;
        // If the report can't be replaced, the person reads the text.
        else await answers.replace({ ...recipient, responseUrl }, { ...message, text: answer.text });
        return true;
      } catch (err) {
        log.warn({ err, code: slackCode(err), channelId }, 'drift report not redrawn');
        return false;
      }
    }
  };

/** **CSV**: everything, as it is now. Only the person who presses gets the file. */
export const onDriftCsv =
  ({ askDrift, answers }: Deps): Press =>
  async ({ ack, body, client, context }) => {
    await ack();
    const recipient = recipientOf(body);
    if (recipient === undefined) return;
    const person = personOf(context);
    const asked = await withNoticeIfSlow(askDrift(person), answers, recipient);
    if (isBarred(asked)) {
      await answers.send(recipient, { text: barSentence(asked.bar) });
      return;
    }
    if (asked.findings.drifts.length === 0) {
      await answers.send(recipient, noDriftAnswer(asked.report));
      return;
    }
    const { content, ...file } = driftFile(asked.findings);
    await sendFiles(client, person, driftFileComment(file.title, asked.report), [
      { ...file, file: Buffer.from(content) },
    ]);
    await answers.send(recipient, driftFileSentAnswer(asked.report));
  };

const NOTICE_AFTER_MS = 3_000;

/**
 * Tells the person if it takes longer: single numbers are looked up at Bandwidth, and those lookups may have to wait.
 */
async function withNoticeIfSlow<T>(
  found: Promise<T>,
  answers: PrivateAnswers,
  recipient: Recipient,
): Promise<T> {
  const isLate = await inTimeOr(
    () => true,
    NOTICE_AFTER_MS,
    found.then(() => false),
  );
  if (isLate) await answers.send(recipient, comparingAnswer());
  return found;
}

function refusalAnswer(refusal: ExplainRefusal): Message {
  if (isBarred(refusal)) return { text: barSentence(refusal.bar) };
  return 'gone' in refusal ? reportGoneAnswer() : alreadyExplainedAnswer(refusal.already);
}

/** The report alone doesn't show that these are explained. */
const explainsMoreThanShown = (what: DriftToExplain, { report, subjects }: Explaining): boolean =>
  what.subject === undefined && subjects.length > (report.lists[what.kind]?.shown.length ?? 0);

/** A message that only one person sees can't be updated, but Slack replaces it by response_url. */
function placeOf(body: BlockAction): { readonly channelId: string; readonly ts?: string } {
  const { container } = body;
  const channelId = body.channel?.id ?? String(container.channel_id ?? '');
  const ts: unknown = container.message_ts;
  if (typeof ts === 'string' && container.is_ephemeral !== true) return { channelId, ts };
  const responseUrl = recipientOf(body)?.responseUrl;
  return { channelId, ...(responseUrl === undefined ? {} : { responseUrl }) };
}
