import { post } from './api.js';
import { askToConfirm } from './confirm.js';
import { readPicked } from './picked-files.js';

/**
 * What the elements of one message or view do.
 * @typedef {ReturnType<typeof makeUserActions>} UserActions
 */

/**
 * @param {{
 *   as: string,
 *   place: { channel: string, ts: string } | { view: string },
 *   state: Record<string, Record<string, any>>,
 *   names: import('./mrkdwn.js').Names,
 *   people: { id: string, name: string }[],
 * }} surface
 */
export function makeUserActions({ as, place, state, names, people }) {
  const surfaceKey = Object.values(place).join(' ');

  return {
    names,
    people,
    /**
     * Identifies an element on the page, so that it is found after a redraw. @param {any} block @param {any} element
     */
    key: (block, element, more = '') => `${surfaceKey} ${block.block_id} ${element.action_id} ${more}`.trim(),

    /** Returns what the element holds. @param {any} block @param {any} element */
    valueOf: (block, element) => state[block.block_id]?.[element.action_id] ?? {},

    /** Asks for confirmation if the app requires it. @param {any} block @param {any} element @param {object} [more] */
    async press(block, element, more = {}) {
      if (element.confirm !== undefined && !(await askToConfirm(element.confirm, names))) return {};
      return post('slack', 'press', { ...target(block, element), more });
    },

    /** @param {any} block @param {any} element @param {object} next @returns {Promise<object>} */
    async enter(block, element, next) {
      if (element.confirm !== undefined && !(await askToConfirm(element.confirm, names))) {
        return post('slack', 'draft', {
          ...target(block, element),
          next: state[block.block_id]?.[element.action_id] ?? {},
        });
      }
      return post('slack', 'enter', { ...target(block, element), next });
    },

    /** @param {any} block @param {any} element @param {object} next */
    draft: (block, element, next) => post('slack', 'draft', { ...target(block, element), next }),

    /** @param {any} block @param {any} element @param {FileList | null} picked */
    async attach(block, element, picked) {
      return post('slack', 'attach', { ...target(block, element), files: await readPicked(picked) });
    },

    /** @param {any} block @param {any} element @param {string} typed @returns {Promise<any[]>} */
    async options(block, element, typed) {
      return (await post('slack', 'options', { ...target(block, element), typed })).options ?? [];
    },
  };

  /** @param {any} block @param {any} element */
  function target(block, element) {
    return { as, place, blockId: block.block_id, actionId: element.action_id };
  }
}
