import type { PhoneNumber } from '../orders/domain/phone-number.js';
import { type Carrier, partlyRead } from '../orders/ports/carrier.js';
import type { Log } from '../orders/ports/log.js';
import { type Calls, documentIn } from './calls.js';
import { decodeFaults } from './decode/decode-faults.js';
import { decodeCampaigns } from './decode/decode-options.js';
import { type RequestName, refusal } from './errors.js';
import { element, one, text } from './schema.js';
import { MalformedXml } from './xml.js';

const CAMPAIGNS: RequestName = 'the list of campaigns';
const NUMBER: RequestName = 'the messaging settings of this number';

const settingsSchema = element({
  telephonenumberdetails: one({ messagingsettings: one({ campaignfullyprovisioned: text }) }),
});

/** 10DLC campaigns: which there are, and whether numbers can already send under theirs. */
export function makeCampaigns(deps: {
  readonly account: string;
  readonly calls: Pick<Calls, 'ask' | 'expect' | 'background'>;
  readonly numberPath: (number: PhoneNumber) => string;
  readonly log: Log;
}): Pick<Carrier, 'campaigns' | 'isProvisioned'> {
  const { account, calls, numberPath, log } = deps;
  return {
    async campaigns() {
      const answer = await calls.ask(`${account}/products/messaging/a2pCampaigns`, CAMPAIGNS);
      if (answer.status === 204) return partlyRead([], 0);
      // What the list is wrapped in isn't documented, so any document will do that has no errors.
      const read = await documentIn(answer);
      const document = await calls.expect(answer, CAMPAIGNS, read instanceof MalformedXml ? '' : read.root);
      const campaigns = decodeCampaigns(document);
      const faults = campaigns.length > 0 ? [] : decodeFaults(document, log);
      if (faults.length > 0) throw refusal(CAMPAIGNS, faults);
      return campaigns;
    },
    async isProvisioned(number) {
      const answer = await calls.background.ask(`${numberPath(number)}/tndetails`, NUMBER);
      const { content } = await calls.expect(answer, NUMBER, 'telephonenumberresponse');
      const { messagingsettings } = settingsSchema.parse(content).telephonenumberdetails;
      return messagingsettings.campaignfullyprovisioned?.toLowerCase() === 'true';
    },
  };
}
