import { keepingFocus } from './dom.js';

/**
 * The children of a container, drawn again one by one: what has not changed keeps its node, so nobody loses an open
 * menu or the place in a text.
 * @param {HTMLElement} container
 */
export function makeKeptNodes(container) {
  /** @type {Map<string, { from: string, node: HTMLElement }>} */
  let kept = new Map();

  /**
   * @param {{ key: string, from: unknown, draw: () => HTMLElement }[]} wanted `from`: all that the drawing depends on
   */
  return function redraw(wanted) {
    /** @type {typeof kept} */
    const next = new Map();
    for (const { key, from, draw } of wanted) {
      const now = JSON.stringify(from);
      const old = kept.get(key);
      next.set(key, old?.from === now ? old : { from: now, node: draw() });
    }
    kept = next;
    const nodes = [...next.values()].map(({ node }) => node);
    keepingFocus(() => {
      const stays = new Set(nodes);
      for (const child of [.../** @type {Iterable<HTMLElement>} */ (container.children)]) {
        if (!stays.has(child)) child.remove();
      }
      // Nothing that stays is moved, because a moved node loses the focus.
      nodes.forEach((node, at) => {
        const there = container.children[at];
        if (there !== node) container.insertBefore(node, there ?? null);
      });
    });
  };
}
