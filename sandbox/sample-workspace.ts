/** The people and channels of the local workspace. */
export const people = {
  ana: { id: 'U0ANA', name: 'ana', title: 'Support lead' },
  ben: { id: 'U0BEN', name: 'ben', title: 'Telecom' },
  cleo: { id: 'U0CLEO', name: 'cleo', title: 'Telecom' },
  dan: { id: 'U0DAN', name: 'dan', title: 'Sales' },
} as const;

export const approverGroup = { id: 'S0TELECOM', handle: 'telecom', members: [people.ben.id, people.cleo.id] };

export const numbersChannel = {
  id: 'C0NUMBERS',
  name: 'numbers',
  members: Object.values(people).map(({ id }) => id),
  botIsMember: true,
};

/** Only approvers are in it. */
export const approvalsChannel = {
  id: 'C0APPROVALS',
  name: 'approvals',
  members: approverGroup.members,
  botIsMember: true,
};
