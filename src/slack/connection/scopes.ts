/** The bot token's scopes in manifest.yml, and what doesn't work without each. */
export const scopeEffects: Readonly<Record<string, string>> = {
  commands: "people can't use /numbers",
  'app_mentions:read': 'a mention of the app gets no answer',
  'chat:write': 'no card, search result or answer can be posted',
  'files:read': "CSV files of orders and disconnects can't be read",
  'files:write': "the audit and lists of numbers can't be sent as files",
  'im:write': "a requester isn't told when a card can't be posted, and the audit can't be sent",
  'usergroups:read':
    "people named as a user group (S…) can't be looked up, so they can't approve, and can't request where the policy names such a group",
  'users:read':
    "full members can't be told from guests, so APPROVERS=* and AUTO_APPROVE_UP_TO don't apply: a person named by id or in a user group has to approve every order",
  'channels:read':
    "public channels shared with another company can't be told from others, so no orders are posted there while EXTERNAL_CHANNELS=refuse",
  'groups:read':
    "private channels shared with another company can't be told from others, so no orders are posted there while EXTERNAL_CHANNELS=refuse",
};
