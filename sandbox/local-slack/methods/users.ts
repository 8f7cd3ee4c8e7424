import { type Answer, type Args, refuse, text } from '../answer.js';
import { userJson } from '../objects.js';
import type { Workspace } from '../workspace.js';
import { forBot, isTrue, type Methods, paged } from './method.js';

/** https://docs.slack.dev/reference/methods?family=users and ?family=usergroups */
export function userMethods(workspace: Workspace): Methods {
  function userInfo(args: Args): Answer {
    const user = workspace.users.get(text(args.user) ?? '');
    return user === undefined ? refuse('user_not_found') : { ok: true, user: userJson(user) };
  }

  function listUsers(args: Args): Answer {
    return paged(
      'members',
      [...workspace.users.values()].map((user) => userJson(user)),
      args,
    );
  }

  function listGroups(args: Args): Answer {
    const listed = [...workspace.groups.values()].filter(
      ({ disabled }) => disabled !== true || isTrue(args.include_disabled),
    );
    const usergroups = listed.map((group) => ({
      id: group.id,
      team_id: workspace.team.id,
      is_usergroup: true,
      name: group.handle,
      handle: group.handle,
      date_delete: group.disabled === true ? 1_700_000_000 : 0,
      user_count: group.members.length,
      ...(isTrue(args.include_users) ? { users: group.members } : {}),
    }));
    return { ok: true, usergroups };
  }

  function listGroupUsers(args: Args): Answer {
    const group = workspace.groups.get(text(args.usergroup) ?? '');
    const hidden = group?.disabled === true && !isTrue(args.include_disabled);
    return group === undefined || hidden ? refuse('no_such_subteam') : { ok: true, users: group.members };
  }

  return {
    'users.info': forBot(['users:read'], userInfo),
    'users.list': forBot(['users:read'], listUsers),
    'usergroups.list': forBot(['usergroups:read'], listGroups),
    'usergroups.users.list': forBot(['usergroups:read'], listGroupUsers),
  };
}
