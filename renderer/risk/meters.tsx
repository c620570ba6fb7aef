import type { RiskGauge, RiskTrend } from '../../src/contract/types.ts';
import { useAnswer } from '../connection/use-answer.ts';
import { useBeat } from '../connection/use-beat.ts';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { Cell, PlainTable, TABLE_ROW } from '../controls/plain-table.tsx';
import { Empty } from '../controls/states.tsx';
import { useWindow } from '../desk/window-state.ts';
import { bothZones } from '../format/time.ts';
import { gaugeFigures } from './gauge-text.ts';
import { openLimit } from './limit-dialog-state.ts';
import { scopeWords, sourceOf, type LimitBook } from './limit-source.ts';
import { breachText, slopeText } from './trend-path.ts';
import { TrendLine } from './trend-line.tsx';

/** The engine takes a point every ten seconds. */
const TRENDS_EVERY_MS = 10_000;
const COLUMNS = [
  { name: 'Meter', width: '13rem' },
  { name: 'Used / limit', right: true, width: '11rem' },
  { name: 'Share' },
  { name: 'Last hour', width: '8.5rem' },
  { name: 'To the limit', right: true, width: '6.5rem' },
  { name: 'Limit of', width: '13rem' },
  { name: 'Edit', hidden: true, width: '3.5rem' },
];

function Share({ gauge, figures }: { readonly gauge: RiskGauge; readonly figures: string }) {
  const share = gauge.utilisation;
  if (share === null) {
    return gauge.state === 'unknown' ? (
      <span className="font-semibold text-warn">not known: blocks new orders</span>
    ) : (
      <span className="text-ink-2">no limit</span>
    );
  }
  const whole = Math.round(share * 100);
  const tone = share >= 1 ? 'halt-hatch' : share >= 0.8 ? 'bg-warn' : 'bg-accent';
  return (
    <span className="flex items-center gap-2">
      <span
        role="meter"
        aria-label={gauge.title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.max(0, whole))}
        aria-valuetext={`${gauge.title} ${figures} · ${whole} %`}
        className="relative h-1.5 min-w-16 flex-1 overflow-hidden rounded-[3px] bg-raised"
      >
        <span
          className={cx('absolute inset-y-0 left-0', tone)}
          style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }}
        />
        <span className="absolute inset-y-0 left-1/2 w-px bg-panel" aria-hidden />
        <span className="absolute inset-y-0 left-[80%] w-px bg-panel" aria-hidden />
      </span>
      <span
        className={cx(
          'w-12 shrink-0 text-right',
          share >= 1 ? 'font-semibold text-halt' : share >= 0.8 ? 'font-semibold text-warn' : '',
        )}
      >
        {whole} %
      </span>
    </span>
  );
}

interface MeterRowProps {
  readonly gauge: RiskGauge;
  readonly trend: RiskTrend | undefined;
  readonly book: LimitBook | null;
  readonly currency: string;
}

function MeterRow({ gauge, trend, book, currency }: MeterRowProps) {
  const figures = gaugeFigures(gauge, currency);
  const source = book === null ? null : sourceOf(gauge, book);
  const breach = breachText(trend?.breachInMs ?? null);
  const slope = slopeText(trend?.slopePerMinute ?? null);
  const owner =
    source === null
      ? ''
      : source.limit === null
        ? 'what the account owns'
        : `${scopeWords(source.scope)} · ${source.owner ?? 'as delivered'}`;
  const limit = source?.limit ?? null;
  return (
    <tr className={TABLE_ROW}>
      <Cell className="font-medium whitespace-nowrap">{gauge.title}</Cell>
      <Cell right>{figures}</Cell>
      <Cell>
        <Share gauge={gauge} figures={figures} />
      </Cell>
      <Cell>
        <TrendLine points={trend?.points ?? []} label={`${gauge.title} over the last hour, ${slope}`} />
      </Cell>
      <Cell right className={breach === null ? 'text-ink-2' : 'font-semibold text-warn'} title={slope}>
        {gauge.state === 'breach' ? 'reached' : (breach ?? '–')}
      </Cell>
      <Cell
        className="max-w-52 truncate text-ink-2"
        title={
          source === null || source.changedAt === null
            ? owner
            : `${owner}, ${bothZones(source.changedAt)}: ${source.reason ?? 'no reason'}`
        }
      >
        {owner}
      </Cell>
      <td className="pr-1 text-right">
        {limit === null ? null : (
          <Button
            size="small"
            tone="quiet"
            aria-label={`Edit the limit of ${gauge.title}`}
            onClick={() => openLimit(source?.scope ?? null, limit)}
          >
            Edit
          </Button>
        )}
      </td>
    </tr>
  );
}

interface MetersProps {
  readonly account: string;
  readonly currency: string;
  readonly book: LimitBook | null;
}

/** Every limit of an account in use: how much, where it is heading, and whose limit it is. */
export function Meters({ account, currency, book }: MetersProps) {
  const gauges = useWindow((state) => state.risk?.gauges);
  const beat = useBeat(TRENDS_EVERY_MS);
  const trends = useAnswer(
    `trends ${account}`,
    (client, options) => client.riskControls.trends({ account }, options),
    beat,
  );
  const shown = (gauges ?? []).filter((gauge) => gauge.account === null || gauge.account === account);
  if (shown.length === 0)
    return <Empty title="No limits in use" hint="Limits appear with the first account of a session." />;
  return (
    <>
      {trends.problem === null ? null : (
        <p className="px-2 py-1 text-warn">▲ Trends are not up to date: {trends.problem}</p>
      )}
      <PlainTable label="Limits in use" columns={COLUMNS}>
        {shown.map((gauge) => (
          <MeterRow
            key={gauge.name}
            gauge={gauge}
            trend={trends.value?.trends.find((trend) => trend.name === gauge.name)}
            book={book}
            currency={currency}
          />
        ))}
      </PlainTable>
    </>
  );
}
