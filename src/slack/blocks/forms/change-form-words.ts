import type { MessagingRequest, MoveRequest } from '../../../orders/domain/request.js';
import { actions } from '../action-ids.js';

/** The kinds that this form can request. */
export type ChangeRequest = MoveRequest | MessagingRequest;
export type ChangeKind = ChangeRequest['kind'];

export interface ChangeWords {
  readonly title: string;
  readonly editTitle: string;
  readonly lead: string;
  /** The menu that says what changes. */
  readonly choice: {
    readonly action: string;
    readonly label: string;
    readonly hint: string;
    readonly placeholder: string;
    readonly missing: string;
  };
  readonly noNumbers: string;
  readonly reasonHint: string;
  readonly noReason: string;
}

export const changeWords: Readonly<Record<ChangeKind, ChangeWords>> = {
  move: {
    title: 'Move numbers',
    editTitle: 'Edit the move',
    lead: 'Approvers see what each number has now: E911, messaging, forwarding.',
    choice: {
      action: actions.chooseTarget,
      label: 'Location',
      hint: 'Type part of the name of a location or sub-account.',
      placeholder: 'Choose a location',
      missing: 'Choose where the numbers go.',
    },
    noNumbers: 'Enter the numbers to move.',
    reasonHint: "Why they're moved. Approvers read this.",
    noReason: 'Say why the numbers are moved.',
  },
  messaging: {
    title: 'Change messaging',
    editTitle: 'Edit the change',
    lead: 'Approvers see whether each number has messaging now, and under which campaign.',
    choice: {
      action: actions.chooseMessaging,
      label: 'Messaging',
      hint: 'On, off, or one of your 10DLC campaigns, which turns it on too.',
      placeholder: 'Choose what to do',
      missing: 'Choose what happens to messaging.',
    },
    noNumbers: 'Enter the numbers to change.',
    reasonHint: "Why it's changed. Approvers read this.",
    noReason: 'Say why messaging is changed.',
  },
};
