/** Above the fields of a form that changes a waiting request. */
export const APPROVALS_DROPPED = 'Approvals given so far do not count for what you change.';
