/* The messages in the thread of an order. When each is due is decided in `due-announcements.ts`. */

export type EditAnnouncement = `edited-${number}`;
/** The first, second … approval of an order that needs several; the last one is `approved`. */
export type ApprovalAnnouncement = `approval-${number}`;

/** The last hour of its holds has begun, half of the time to decide has passed, or its last hour has begun. */
export type Reminder = 'reminder-holds' | 'reminder-half' | 'reminder-hour';

/** A message in the thread of an order. */
export type AnnouncementKind = Announcement | Reminder;

/** Something only the card shows, sent directly to the requester when there is no card. */
export type DirectAnnouncement = Announcement | 'held-back';

/** A message that follows from the state of an order, whatever the time. */
export type Announcement =
  /** All numbers of an order that is too long for its card, as a file. */
  | 'numbers'
  /** The requester edited the request; this is the new edition. */
  | EditAnnouncement
  /** Mentions the people who can decide. */
  | 'call'
  /** Its numbers are no longer held. */
  | 'holds-lapsed'
  | ApprovalAnnouncement
  | 'approved'
  /** Its approval is no longer sufficient. */
  | 'reopened'
  | 'declined'
  | 'expired'
  | 'cancelled'
  | 'refused'
  | 'unknown'
  /** It left no trace at Bandwidth; people have to decide what to do. */
  | 'untraced'
  /** Bandwidth couldn't be asked about it; people have to decide what to do. */
  | 'not-known'
  /** Someone gave it up. */
  | 'given-up'
  /** It was given up, but turned up at Bandwidth after all. */
  | 'turned-up'
  /** It was resubmitted. */
  | 'again'
  | 'backordered'
  /** Someone closed the back-order. */
  | 'closing'
  /** Bandwidth refused to close it. */
  | 'not-closed'
  | 'outcome'
  /** What works on the delivered numbers, if it became known only after the outcome was told. */
  | 'services'
  /** All delivered numbers, if they are too many for the card, as a file. */
  | 'delivered';
