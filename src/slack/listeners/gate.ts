import type { AllMiddlewareArgs, AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import type { Person } from '../../orders/domain/request.js';
import type { Admission, Admit } from '../../orders/policy/admit.js';
import type { Log } from '../../orders/ports/log.js';
import type { Claim } from '../../orders/ports/people.js';
import type { Installation, ReadInstallation } from '../access/installation.js';
import { letPersonIn } from '../access/people.js';
import { barSentence } from '../blocks/bar-words.js';
import { showFailure } from '../messages/error-middleware.js';
import type { HomeTabs } from '../messages/home-tabs.js';
import { HOME_OPENED, type PrivateAnswers } from '../messages/private-answers.js';

/**
 * Checks every command, press, form and options request before a listener sees it. People who can't use the app get a
 * private answer, and nothing else happens.
 */
export function makeGate(deps: {
  readonly installation: ReadInstallation;
  readonly admit: Admit;
  readonly answers: PrivateAnswers;
  readonly homes: Pick<HomeTabs, 'seenBy' | 'bar'>;
  readonly log: Pick<Log, 'info'>;
}): Middleware<AnyMiddlewareArgs> {
  const { installation, admit, log } = deps;
  return async (args: AnyMiddlewareArgs & AllMiddlewareArgs) => {
    if (asksNothing(args.body)) return;
    const where = await installation.get().catch(() => undefined);
    const claim = where && claimOf(args.body, where);
    const admission: Admission = claim === undefined ? { bar: 'account-unknown' } : await admit(claim);
    const { bar } = admission;
    if (where !== undefined && claim !== undefined && bar === undefined) {
      const { userId } = claim;
      const person: Person = { teamId: where.id, userId, ...(admission.placed ? {} : { unplaced: true }) };
      letPersonIn(args.context, person);
      const home = homeIn(args.body);
      if (home !== undefined) deps.homes.seenBy(person, home.hash);
      await args.next();
      return;
    }
    if (claim !== undefined) deps.homes.bar(claim.userId);
    log.info({ userId: claim?.userId, kind: kindOf(args.body), bar }, 'person refused');
    await showFailure(args, deps, barSentence(bar ?? 'account-unknown'));
  };
}

/** The parts of Slack's payloads that say who acts. */
interface Payload {
  readonly type?: string;
  readonly command?: string;
  readonly user_id?: string;
  readonly team_id?: string;
  readonly enterprise_id?: string;
  readonly user?: { readonly id?: string; readonly team_id?: string };
  readonly team?: { readonly id?: string } | null;
  readonly event?: {
    readonly user?: string | { readonly id?: string };
    readonly type?: string;
    readonly tab?: string;
    readonly view?: ShownView;
    readonly user_team?: string;
    readonly bot_id?: string;
  };
  readonly view?: ShownView;
}

interface ShownView {
  readonly type?: string;
  readonly hash?: string;
}

/** Whether no one is waiting for an answer: another app mentioned us, or a person opened the tab with our messages. */
function asksNothing(body: object): boolean {
  const { event } = body as Payload;
  return event?.bot_id !== undefined || (event?.type === HOME_OPENED && event.tab !== 'home');
}

/** Returns Slack's hash of the Home tab in front of the person who acts; undefined if they are elsewhere. */
function homeIn(body: object): { readonly hash: string | undefined } | undefined {
  const { event, view } = body as Payload;
  if (event?.type === HOME_OPENED) return { hash: event.view?.hash };
  return view?.type === 'home' ? { hash: view.hash } : undefined;
}

const kindOf = (body: object): string => (body as Payload).type ?? 'command';

/**
 * Returns who acts and which team they say they belong to. A form names the team of the person who submits it. In a
 * press, `team` is the installation's and says nothing about the person.
 */
export function claimOf(body: object, where: Installation): Claim | undefined {
  const { type, command, user_id, team_id, enterprise_id, user, team, event } = body as Payload;
  if (command !== undefined) {
    // In an organization, a command typed in another workspace doesn't prove that the person belongs to this one.
    const typedHere =
      where.teamId === undefined ? enterprise_id === where.enterpriseId : team_id === where.teamId;
    return claim(user_id, team_id, typedHere);
  }
  if (event !== undefined) {
    const userId = typeof event.user === 'string' ? event.user : event.user?.id;
    return event.bot_id === undefined ? claim(userId, event.user_team) : undefined;
  }
  const isForm = type === 'view_submission' || type === 'view_closed';
  return claim(user?.id, user?.team_id ?? (isForm ? team?.id : undefined));
}

function claim(
  userId: string | undefined,
  teamId: string | undefined,
  typedHere?: boolean,
): Claim | undefined {
  if (userId === undefined || userId === '') return undefined;
  return {
    userId,
    ...(teamId === undefined ? {} : { teamId }),
    ...(typedHere === true ? { typedHere } : {}),
  };
}
