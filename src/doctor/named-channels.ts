import type { Config } from '../config/config.js';

/** A channel that a setting names. */
export interface NamedChannel {
  readonly id: string;
  /** The setting and the channel, as the beginning of a sentence. */
  readonly subject: string;
  /** What doesn't work while the app can't use it, as the end of a sentence. */
  readonly effect: string;
}

/** Returns every channel that the settings and the policy file name, each use once. */
export function namedChannels({
  policy,
  report,
}: Pick<Config, 'policy' | 'report'>): readonly NamedChannel[] {
  const noCard = "cards that wait aren't posted there";
  const named = [
    ...(policy.approvalsChannel === undefined
      ? []
      : [
          {
            id: policy.approvalsChannel,
            subject: `APPROVALS_CHANNEL ${policy.approvalsChannel}`,
            effect: noCard,
          },
        ]),
    ...policy.rules.flatMap(({ name, channels = [], terms: { approvalsChannel } }) => {
      const ofRule = `of the rule "${name}" in POLICY_FILE`;
      return [
        ...(approvalsChannel === undefined
          ? []
          : [
              {
                id: approvalsChannel,
                subject: `The approvals channel ${approvalsChannel} ${ofRule}`,
                effect: noCard,
              },
            ]),
        ...channels.map((id) => ({
          id,
          subject: `The channel ${id} ${ofRule}`,
          effect: "orders can't be requested there",
        })),
      ];
    }),
    ...(report === undefined
      ? []
      : [
          {
            id: report.channelId,
            subject: `REPORT_CHANNEL ${report.channelId}`,
            effect: 'no drift report is posted',
          },
        ]),
  ];
  return named.filter((one, at) => named.findIndex(({ subject }) => subject === one.subject) === at);
}
