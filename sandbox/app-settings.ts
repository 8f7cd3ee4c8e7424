/** The settings of the app that people can change in the sandbox, on its page or in its environment. */

export interface SettingField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'number' | 'switch' | 'choice';
  /** What an empty field means. */
  readonly empty?: string;
  /** What a choice offers. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

/** In the order in which the page shows them. */
export const settingFields: readonly SettingField[] = [
  { name: 'APPROVERS', label: 'Approvers', kind: 'text', empty: 'S0TELECOM' },
  { name: 'APPROVALS_REQUIRED', label: 'Approvals required', kind: 'number', empty: '1' },
  { name: 'ALLOW_SELF_APPROVAL', label: 'Approvers can approve their own orders', kind: 'switch' },
  {
    name: 'ALLOW_SELF_APPROVAL_OF_DISCONNECTS',
    label: 'Approvers can approve their own disconnects',
    kind: 'switch',
  },
  { name: 'ALLOW_GUESTS', label: 'Guests can request orders', kind: 'switch' },
  {
    name: 'EXTERNAL_CHANNELS',
    label: 'Orders in channels shared with another company',
    kind: 'choice',
    choices: [
      { value: '', label: 'are refused' },
      { value: 'allow', label: 'are allowed' },
    ],
  },
  { name: 'AUTO_APPROVE_UP_TO', label: 'Numbers a day without approval', kind: 'number', empty: '0' },
  { name: 'MAX_NUMBERS_PER_ORDER', label: 'Maximum numbers per order', kind: 'number', empty: '100' },
  {
    name: 'MAX_NUMBERS_PER_DAY',
    label: 'Maximum numbers per person per day',
    kind: 'number',
    empty: 'no limit',
  },
  { name: 'MAX_NUMBERS_PER_MONTH', label: 'Maximum numbers per month', kind: 'number', empty: 'no limit' },
  { name: 'MAX_HELD', label: 'Maximum numbers held per requester', kind: 'number', empty: '100' },
  { name: 'APPROVAL_TTL', label: 'A request expires after', kind: 'text', empty: '24h' },
  { name: 'UNDO_WINDOW', label: 'A disconnect can be undone for', kind: 'text', empty: '60s' },
  {
    name: 'NOTIFY_APPROVERS',
    label: 'Notify approvers',
    kind: 'choice',
    choices: [
      { value: '', label: 'in its thread' },
      { value: 'dm', label: 'by direct message' },
      { value: 'off', label: 'not at all' },
    ],
  },
  {
    name: 'APPROVALS_CHANNEL',
    label: 'Second card',
    kind: 'choice',
    choices: [
      { value: '', label: 'none' },
      { value: 'C0APPROVALS', label: 'in #approvals' },
    ],
  },
];

/** The environment can set these too, for one run. */
const alsoHonored = ['REPORT_CHANNEL', 'REPORT_SCHEDULE', 'POLL_SCHEDULE', 'LOG_LEVEL', 'KEEP_FINISHED'];

/** The sandbox's own Slack, Bandwidth and database decide these, and nothing here listens on another address. */
const ownNames =
  /^(?:(?:SLACK_(?:BOT_TOKEN|APP_TOKEN|SIGNING_SECRET|API_URL)|STORE_URL|DATABASE_URL|REDIS_URL)(?:_FILE)?|HTTPS_PROXY(?:_FILE)?|NO_PROXY|HOST|OPERATIONS_ADDRESS|(?:BW|CALLBACK)_[A-Z_]+)$/;

export interface FromEnvironment {
  /** Settings to start the app with. */
  readonly settings: Readonly<Record<string, string>>;
  /** The path of a policy file, if one was given. */
  readonly policyFile?: string;
  /** Names of settings that the sandbox doesn't use. */
  readonly ignored: readonly string[];
}

/** Sorts what the sandbox's environment says about the app's settings. Empty variables count as unset. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): FromEnvironment {
  const given = Object.entries(environment).flatMap(([name, value]) => {
    const trimmed = value?.trim() ?? '';
    return trimmed === '' ? [] : [[name, trimmed] as const];
  });
  const honored = new Set([...settingFields.map(({ name }) => name), ...alsoHonored]);
  const policyFile = given.find(([name]) => name === 'POLICY_FILE')?.[1];
  return {
    settings: Object.fromEntries(given.filter(([name]) => honored.has(name))),
    ...(policyFile === undefined ? {} : { policyFile }),
    ignored: given.map(([name]) => name).filter((name) => ownNames.test(name)),
  };
}
