/** Shown above the fields of a form that edits a waiting request. */
export const APPROVALS_DROPPED = "Approvals given so far don't count for a changed request.";
