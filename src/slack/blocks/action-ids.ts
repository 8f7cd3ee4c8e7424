/** The action ids of every button, field and form of an order, spelled only here. */
export const actions = {
  approve: 'order.approve',
  decline: 'order.decline',
  edit: 'order.edit',
  cancel: 'order.cancel',
  undo: 'order.undo',
  checkAgain: 'order.check-again',
  orderAgain: 'order.order-again',
  giveUp: 'order.give-up',
  closeBackOrder: 'order.close-back-order',
  askAgain: 'order.ask-again',
  tickNumbers: 'search.tick-numbers',
  orderSelected: 'search.order-selected',
  previousPage: 'search.previous-page',
  nextPage: 'search.next-page',
  changeSearch: 'search.change',
  chooseSite: 'order-form.choose-site',
  chooseLocation: 'order-form.choose-location',
  moreRoom: 'disconnect-form.more-room',
} as const;

/** The callback ids of the forms. */
export const forms = {
  order: 'order-form',
  disconnect: 'disconnect-form',
  decline: 'decline-form',
} as const;
