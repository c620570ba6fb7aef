import type { Result } from '../domain/refusal.ts';
import type { VenueModel } from '../venue/model.ts';
import {
  readBehindTouchTerms,
  readImpactTerms,
  readPriceProtectionTerms,
  readSlippageTerms,
  termsOfText,
  type GivenTerms,
} from '../venue/read-terms.ts';
import { UsageError } from './command.ts';

export const venueHelp = `  --slippage MODEL:ARGS  none | ticks:N | fraction:F (0.0005 = 5 bp) | bps:N | spread:SHARE | volume-share:LIMIT,IMPACT
                         (0.025,0.1) | probability:P,TICKS; adverse, on orders that take liquidity
  --impact MODEL:ARGS    none | square-root:COEFFICIENT,VOLATILITY,VOLUME | almgren:VOLATILITY,VOLUME,SHARES; daily
                         figures, quantities; left out or "auto" they are estimated from the data seen so far
  --behind-touch MODEL:ARGS  one-tick | ladder:DECAY,SPACING,LEVELS,BARSHARE (0.7,1,20,0.05): what lies behind the best
                         price where no book shows it; on bars the first level holds BARSHARE of the volume
  --price-protection MODEL:ARGS  none | points:TICKS | percent:P: how far market and stop orders may take`;

export const VENUE_OPTIONS = {
  slippage: { type: 'string' },
  impact: { type: 'string' },
  'behind-touch': { type: 'string' },
  'price-protection': { type: 'string' },
} as const;

type VenueTexts = { readonly [option in keyof typeof VENUE_OPTIONS]?: string | undefined };

/** The settings that were named. Throws UsageError for one that cannot be. */
export function readVenueTerms(texts: VenueTexts): Partial<VenueModel> {
  return {
    ...named(texts, 'slippage', 'slippage', readSlippageTerms),
    ...named(texts, 'impact', 'impact', readImpactTerms),
    ...named(texts, 'behind-touch', 'behindTouch', readBehindTouchTerms),
    ...named(texts, 'price-protection', 'priceProtection', readPriceProtectionTerms),
  };
}

function named<K extends keyof VenueModel>(
  texts: VenueTexts,
  option: keyof VenueTexts,
  key: K,
  read: (given: GivenTerms) => Result<VenueModel[K]>,
): Partial<VenueModel> {
  const text = texts[option];
  if (text === undefined) return {};
  const terms = read(termsOfText(text));
  if (!terms.ok) throw new UsageError(`--${option} "${text}": ${terms.error.sentence}`);
  return { [key]: terms.value };
}
