import { randomBytes } from 'node:crypto';

type TriggerRefusal = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';

export interface TriggerIds {
  issue(userId: string): string;
  /** Uses the id up and returns the person who acted, or Slack's error code. */
  redeem(triggerId: string): { readonly userId: string } | { readonly error: TriggerRefusal };
}

/** A trigger_id opens one modal, for the person who acted, within three seconds of the action. */
export function makeTriggerIds(lifetimeMs: number): TriggerIds {
  const issued = new Map<string, { readonly userId: string; readonly until: number; used: boolean }>();
  return {
    issue(userId) {
      const id = `${issued.size + 1}.${Date.now()}.${randomBytes(8).toString('hex')}`;
      issued.set(id, { userId, until: Date.now() + lifetimeMs, used: false });
      return id;
    },
    redeem(triggerId) {
      const trigger = issued.get(triggerId);
      if (trigger === undefined) return { error: 'invalid_trigger_id' };
      if (trigger.used) return { error: 'exchanged_trigger_id' };
      if (Date.now() > trigger.until) return { error: 'expired_trigger_id' };
      trigger.used = true;
      return { userId: trigger.userId };
    },
  };
}
