import type { ViewContent } from './block-kit.js';
import type { Changed } from './changes.js';

export interface View extends ViewContent {
  readonly id: string;
  readonly hash: string;
  readonly userId: string;
  readonly rootId: string;
  readonly previousId?: string;
}

/** The most modals a person can stack: one opened and two pushed. https://docs.slack.dev/surfaces/modals */
const MAX_MODALS = 3;

/** The modals that people have open, and their Home tabs. */
export function makeViews(given: {
  readonly remembered: readonly View[];
  /** A view's hash differs from every other. */
  readonly nextTs: () => string;
  readonly changed: Changed;
}) {
  const { nextTs, changed } = given;
  const modals = new Map<string, readonly View[]>();
  const homes = new Map<string, View>(given.remembered.map((view) => [view.userId, view]));
  const openModals = () => [...modals.values()].flat();
  /** Never repeats an id, even after a restart. */
  let viewCount = Math.max(0, ...given.remembered.map(({ id }) => Number(id.slice(1))));

  function newView(userId: string, content: ViewContent, below: View | undefined): View {
    viewCount += 1;
    const id = `V${viewCount.toString().padStart(4, '0')}`;
    return {
      ...content,
      id,
      hash: nextTs(),
      userId,
      rootId: below?.rootId ?? id,
      ...(below === undefined ? {} : { previousId: below.id }),
    };
  }

  return {
    /** Opens the first modal and discards any that were open. */
    openModal(userId: string, content: ViewContent): View {
      const view = newView(userId, content, undefined);
      modals.set(userId, [view]);
      changed('view', view.id);
      return view;
    },

    /** Puts a modal on top of the open ones; `undefined` when the stack is full. */
    pushModal(userId: string, content: ViewContent): View | undefined {
      const stack = modals.get(userId) ?? [];
      if (stack.length >= MAX_MODALS) return undefined;
      const view = newView(userId, content, stack.at(-1));
      modals.set(userId, [...stack, view]);
      changed('view', view.id);
      return view;
    },

    updateModal(id: string, content: ViewContent): View | undefined {
      const view = openModals().find((each) => each.id === id);
      if (view === undefined) return undefined;
      const userStack = modals.get(view.userId) ?? [];
      const { rootId, previousId, userId } = view;
      const next: View = {
        ...content,
        id,
        userId,
        rootId,
        hash: nextTs(),
        ...(previousId === undefined ? {} : { previousId }),
      };
      modals.set(
        userId,
        userStack.map((each) => (each.id === id ? next : each)),
      );
      changed('view', id);
      return next;
    },

    /** Removes one modal and those above it. */
    closeModal(id: string): void {
      for (const [userId, stack] of modals) {
        const at = stack.findIndex((each) => each.id === id);
        if (at >= 0) modals.set(userId, stack.slice(0, at));
      }
      changed('view', id);
    },

    clearModals(userId: string): void {
      modals.set(userId, []);
      changed('view', userId);
    },

    /** The person's open modals, the front one last. */
    modalsOf(userId: string): readonly View[] {
      return modals.get(userId) ?? [];
    },

    modal(id: string): View | undefined {
      return openModals().find((each) => each.id === id);
    },

    modalByExternalId(externalId: string): View | undefined {
      return openModals().find((each) => each.external_id === externalId);
    },

    publishHome(userId: string, content: ViewContent): View {
      const previous = homes.get(userId);
      const view = newView(userId, content, undefined);
      const home = previous === undefined ? view : { ...view, id: previous.id, rootId: previous.id };
      homes.set(userId, home);
      changed('home', home.id);
      return home;
    },

    /** Another person's Home tab with this external_id. */
    homeByExternalId(externalId: string): View | undefined {
      return [...homes.values()].find((each) => each.external_id === externalId);
    },

    homeOf(userId: string): View | undefined {
      return homes.get(userId);
    },

    allHomes: (): readonly View[] => [...homes.values()],
  };
}
