import type {
  BlockAction,
  ExternalSelectAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
} from '@slack/bolt';
import { orderFormForSite } from '../blocks/forms/order-form.js';
import { linesShownIn, stockIn } from '../blocks/forms/order-form-lines.js';
import { siteOfLocationField } from '../blocks/forms/order-form-place.js';
import { locationOptions, siteOptions } from '../blocks/forms/place-options.js';
import { redrawForm, updateForm } from '../messages/open-form.js';
import { type OrderFormDeps, showStock } from './open-order-form.js';

/** Shows the locations of the sub-account just chosen. */
export const onChooseSite =
  (
    deps: Pick<OrderFormDeps, 'checkStock'>,
  ): Middleware<SlackActionMiddlewareArgs<BlockAction<ExternalSelectAction>>> =>
  async ({ ack, body, client }) => {
    await ack();
    const shown = body.view;
    const view = shown && orderFormForSite(shown);
    if (shown === undefined || view === undefined) return;
    const form = { view_id: shown.id, hash: shown.hash };
    if (linesShownIn(view).length === 0 || stockIn(shown) !== undefined) {
      await redrawForm(client, form, view);
      return;
    }
    // A stock check may be running that would redraw the old form. Updating by hash makes Slack reject that redraw,
    // unless it came first.
    const now =
      (await updateForm(client, form, view)) ?? (await updateForm(client, { view_id: shown.id }, view));
    if (now !== undefined) await showStock(deps, client, now, view);
  };

export const onSiteOptions =
  ({
    listPlaces,
  }: Pick<OrderFormDeps, 'listPlaces'>): Middleware<SlackOptionsMiddlewareArgs<'block_suggestion'>> =>
  async ({ ack, options }) => {
    await ack(siteOptions(await listPlaces.sites(), options.value));
  };

export const onLocationOptions =
  ({
    listPlaces,
  }: Pick<OrderFormDeps, 'listPlaces'>): Middleware<SlackOptionsMiddlewareArgs<'block_suggestion'>> =>
  async ({ ack, options }) => {
    const siteId = siteOfLocationField(options.block_id);
    const locations = siteId === undefined ? [] : await listPlaces.locations(siteId);
    await ack(locationOptions(locations, options.value));
  };
