import { drawBlocks } from './blocks.js';
import { h } from './dom.js';
import { makeUserActions } from './user-actions.js';

/** Renders the app's Home tab as this person sees it. @param {any} seen */
export function drawHome(seen) {
  if (seen.home === null)
    return h('p', { class: 'nothing' }, `${seen.app.name} hasn't published anything here yet.`);
  const names = { names: seen.names, me: seen.me, groups: seen.groups };
  const { id, blocks, state } = seen.home;
  const userActions = makeUserActions({
    as: seen.me,
    place: { view: id },
    state,
    names,
    people: seen.people,
  });
  return h('div', { class: 'home' }, ...drawBlocks(blocks, userActions));
}
