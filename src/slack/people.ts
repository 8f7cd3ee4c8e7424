import type { Person } from '../orders/order.js';

/**
 * Who pressed or submitted. The user's own team comes first: in a channel shared between companies it differs from the
 * team the app is installed in.
 */
export function personOf(body: {
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly team?: { readonly id: string } | null;
}): Person {
  return { userId: body.user.id, teamId: body.user.team_id ?? body.team?.id ?? '' };
}

/** Who typed a slash command. */
export function typist(command: { readonly user_id: string; readonly team_id: string }): Person {
  return { userId: command.user_id, teamId: command.team_id };
}
