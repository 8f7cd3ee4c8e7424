import { type Answer, type Args, invalid, missing, type Refused, refuse, text } from '../answer.js';
import type { ViewContent } from '../block-kit.js';
import { limits } from '../block-limits.js';
import { checkView } from '../check-blocks.js';
import { viewJson } from '../objects.js';
import type { TriggerIds } from '../trigger-ids.js';
import type { Workspace } from '../workspace.js';
import { forBot, type Methods } from './method.js';

/** https://docs.slack.dev/reference/methods?family=views */
export function viewMethods(workspace: Workspace, triggers: TriggerIds): Methods {
  function openView(args: Args): Answer {
    const content = viewContent(args, 'modal');
    if ('error' in content) return content;
    const trigger = redeem(args);
    if ('error' in trigger) return trigger;
    return { ok: true, view: viewJson(workspace, workspace.openModal(trigger.userId, content)) };
  }

  function pushView(args: Args): Answer {
    const content = viewContent(args, 'modal');
    if ('error' in content) return content;
    const trigger = redeem(args);
    if ('error' in trigger) return trigger;
    const view = workspace.pushModal(trigger.userId, content);
    return view === undefined ? refuse('push_limit_reached') : { ok: true, view: viewJson(workspace, view) };
  }

  function updateView(args: Args): Answer {
    const id = text(args.view_id);
    const externalId = text(args.external_id);
    if ((id === undefined) === (externalId === undefined)) return refuse('invalid_arguments');
    const view = id === undefined ? workspace.modalByExternalId(externalId ?? '') : workspace.modal(id);
    if (view === undefined) return refuse('not_found');
    const hash = text(args.hash);
    if (hash !== undefined && hash !== view.hash) return refuse('hash_conflict');
    const content = viewContent(args, 'modal', view.id);
    if ('error' in content) return content;
    const next = workspace.updateModal(view.id, content);
    return next === undefined ? refuse('not_found') : { ok: true, view: viewJson(workspace, next) };
  }

  function publishView(args: Args): Answer {
    const user = text(args.user_id);
    if (user === undefined || !workspace.users.has(user)) {
      return refuse('invalid_arguments', {
        response_metadata: { messages: ['[ERROR] invalid user_id [json-pointer:/user_id]'] },
      });
    }
    if (!workspace.appHome().homeTab) return refuse('not_enabled');
    const content = viewContent(args, 'home', workspace.homeOf(user)?.id);
    if ('error' in content) return content;
    const hash = text(args.hash);
    if (hash !== undefined && hash !== workspace.homeOf(user)?.hash) return refuse('hash_conflict');
    return { ok: true, view: viewJson(workspace, workspace.publishHome(user, content)) };
  }

  function redeem(args: Args): { readonly userId: string } | Refused {
    const id = text(args.trigger_id);
    if (id === undefined) return missing('trigger_id');
    const result = triggers.redeem(id);
    return 'error' in result ? refuse(result.error) : result;
  }

  function viewContent(args: Args, type: ViewContent['type'], updates?: string): ViewContent | Refused {
    if (args.view === undefined) return missing('view');
    const given = args.view;
    if (Buffer.byteLength(JSON.stringify(given) ?? '') > limits.viewBytes) return refuse('view_too_large');
    const checked = checkView(given);
    if (!checked.ok) return invalid('invalid_arguments', checked.validationErrors);
    if (checked.value.type !== type) {
      return invalid('invalid_arguments', ['[ERROR] unsupported type of view [json-pointer:/view/type]']);
    }
    const externalId = checked.value.external_id;
    const holder = externalId
      ? (workspace.modalByExternalId(externalId) ?? workspace.homeByExternalId(externalId))
      : undefined;
    if (holder !== undefined && holder.id !== updates) return refuse('duplicate_external_id');
    return checked.value;
  }

  return {
    'views.open': forBot([], openView),
    'views.push': forBot([], pushView),
    'views.update': forBot([], updateView),
    'views.publish': forBot([], publishView),
  };
}
