/** The topics of the help: finding numbers, changing what the account has, and what is on record. */
export const helpTopics = ['search', 'order', 'records'] as const;
export type HelpTopic = (typeof helpTopics)[number];

const words: Readonly<Record<Exclude<HelpTopic, 'records'>, readonly string[]>> = {
  search: ['search', 'find', 'numbers', 'grammar', 'criteria', 'options', 'vanity', 'tollfree'],
  order: [
    'order',
    'ordering',
    'disconnect',
    'move',
    'messaging',
    'import',
    'picked',
    'buy',
    'forms',
    'form',
    'cancel',
    'edit',
    'approve',
  ],
};

/** Returns the topic of a command, by its first word. */
export function topicOf(command: string): HelpTopic {
  const [first = ''] = command.trim().toLowerCase().split(/\s+/);
  return (['search', 'order'] as const).find((topic) => words[topic].includes(first)) ?? 'records';
}

/** Returns the topic that people type after `help`; undefined for an unknown word. */
export function typedTopic(typed: string): HelpTopic | undefined {
  const topic = topicOf(typed);
  const [first = ''] = typed.trim().toLowerCase().split(/\s+/);
  return topic !== 'records' || records.includes(first) ? topic : undefined;
}

const records: readonly string[] = [
  'records',
  'orders',
  'list',
  'who',
  'lookup',
  'look',
  'policy',
  'audit',
  'status',
  'drift',
  'away',
  'export',
  'pending',
  'inbox',
  'mine',
];
