import { keepingFocus } from './dom.js';

/**
 * Redraws the children of a container one by one. Unchanged ones keep their node, so open menus and text cursors
 * survive.
 * @param {HTMLElement} container
 */
export function makeKeptNodes(container) {
  /** @type {Map<string, { from: string, node: HTMLElement }>} */
  let kept = new Map();

  /**
   * @param {{ key: string, from: unknown, draw: () => HTMLElement }[]} wanted `from`: all data the rendering depends on
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
      // Nodes that stay aren't moved, because a moved node loses the focus.
      nodes.forEach((node, at) => {
        const there = container.children[at];
        if (there !== node) container.insertBefore(node, there ?? null);
      });
    });
  };
}
