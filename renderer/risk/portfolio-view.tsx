import type { PortfolioRisk } from '../../src/contract/types.ts';
import { nameOf } from '../blotter/cells.ts';
import { cx } from '../controls/cx.ts';
import { Cell, PlainTable, TABLE_ROW } from '../controls/plain-table.tsx';
import { Failed, Loading } from '../controls/states.tsx';
import { money, percent } from '../format/money.ts';
import { ScenarioStrip } from './scenario-strip.tsx';
import { usePortfolioRisk } from './use-portfolio-risk.ts';

const METHODS = [
  ['historical', 'Historical'],
  ['parametric', 'Normal'],
  ['cornishFisher', 'Cornish-Fisher'],
] as const;

function TailLosses({ figures }: { readonly figures: PortfolioRisk }) {
  const { tails, unavailable, currency, assumptions, observations } = figures;
  const amount = (text: string) => money(text, currency, { digits: 0 });
  return (
    <section aria-label="Value at risk" className="flex min-w-0 flex-col gap-1">
      <h3 className="px-2 text-2xs font-semibold text-ink-2">Value at risk and expected shortfall</h3>
      {tails === null ? (
        <p className="px-2">
          <span className="font-medium">Unavailable:</span> {unavailable ?? 'the engine gave no reason.'}
        </p>
      ) : (
        <PlainTable
          label="Value at risk"
          columns={[
            { name: 'Method' },
            ...tails.flatMap(({ confidence }) => [
              { name: `VaR ${percent(confidence, { digits: 0, signed: false })}`, right: true },
              { name: `CVaR ${percent(confidence, { digits: 0, signed: false })}`, right: true },
            ]),
          ]}
        >
          {METHODS.map(([key, title]) => (
            <tr key={key} className={TABLE_ROW}>
              <Cell>{title}</Cell>
              {tails.flatMap((tail) => [
                <Cell key={`${tail.confidence} var`} right>
                  {amount(tail[key].var)}
                </Cell>,
                <Cell key={`${tail.confidence} cvar`} right className="font-medium">
                  {amount(tail[key].cvar)}
                </Cell>,
              ])}
            </tr>
          ))}
        </PlainTable>
      )}
      {assumptions.length === 0 ? null : (
        <p className="px-2 text-2xs text-ink-2">
          {assumptions.join(' ')} {observations} observations.
        </p>
      )}
    </section>
  );
}

/** Strong ties in words of weight, not in the colours of profit and loss. */
function tieClass(value: number | null): string {
  if (value === null) return 'text-ink-2';
  const strength = Math.abs(value);
  return strength >= 0.8 ? 'bg-selected font-semibold' : strength >= 0.5 ? 'font-medium' : 'text-ink-2';
}

function Concentration({ figures }: { readonly figures: PortfolioRisk }) {
  const { positions, correlation, concentration, currency } = figures;
  return (
    <section aria-label="Concentration and correlation" className="flex min-w-0 flex-col gap-1">
      <h3 className="px-2 text-2xs font-semibold text-ink-2">
        Concentration and correlation
        {concentration.herfindahl === null
          ? ''
          : ` · Herfindahl ${concentration.herfindahl.toFixed(2)}, as if ${(concentration.effective ?? 0).toFixed(1)} equal positions`}
      </h3>
      {positions.length === 0 ? (
        <p className="px-2">No open position in this account.</p>
      ) : (
        <div className="overflow-x-auto">
          <PlainTable
            label="Concentration and correlation"
            columns={[
              { name: 'Instrument' },
              { name: 'Value', right: true },
              { name: 'Share', right: true },
              { name: 'Of risk', right: true },
              ...(correlation === null
                ? []
                : positions.map(({ instrument }) => ({ name: nameOf(instrument), right: true }))),
            ]}
          >
            {positions.map(({ instrument, value, share, varianceShare }, row) => (
              <tr key={instrument} className={TABLE_ROW}>
                <Cell className="font-semibold whitespace-nowrap">{nameOf(instrument)}</Cell>
                <Cell right>{value === null ? '–' : money(value, currency, { digits: 0 })}</Cell>
                <Cell right>{share === null ? '–' : percent(share, { digits: 0, signed: false })}</Cell>
                <Cell right>{varianceShare === null ? '–' : percent(varianceShare, { digits: 0, signed: false })}</Cell>
                {(correlation?.[row] ?? []).map((tie, column) => (
                  <Cell key={positions[column]?.instrument ?? column} right className={cx(tieClass(tie))}>
                    {tie === null ? '–' : tie.toFixed(2).replace('-', '−')}
                  </Cell>
                ))}
              </tr>
            ))}
          </PlainTable>
        </div>
      )}
    </section>
  );
}

/** What can hurt the account next: shocks, the tail of its own history, and what hangs together. */
export function PortfolioView({ account }: { readonly account: string }) {
  const { figures, problem } = usePortfolioRisk(account);
  if (figures === null) {
    return problem === null ? (
      <Loading what="the risk of the portfolio" />
    ) : (
      <Failed what="The risk of the portfolio cannot be read" stillSafe={problem} />
    );
  }
  return (
    <div className="flex flex-col">
      {problem === null ? null : <p className="px-2 py-1 text-warn">▲ Not up to date: {problem}</p>}
      <ScenarioStrip figures={figures} />
      <div className="grid grid-cols-2 gap-4 py-2">
        <TailLosses figures={figures} />
        <Concentration figures={figures} />
      </div>
    </div>
  );
}
