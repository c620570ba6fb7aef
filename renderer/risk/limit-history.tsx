import { useAnswer } from '../connection/use-answer.ts';
import { Answered } from '../controls/answered.tsx';
import { Cell, PlainTable, TABLE_ROW } from '../controls/plain-table.tsx';
import { Empty } from '../controls/states.tsx';
import { bothZones, dateTimeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { limitChangeFigure, limitTitle } from './limit-names.ts';
import { scopeWords } from './limit-source.ts';

/** Who changed which limit from what to what, when and why. */
export function LimitHistory({ revision }: { readonly revision: number }) {
  const zone = useSettings((settings) => settings.zone);
  const answer = useAnswer(
    'limit history',
    (client, options) => client.riskControls.limitHistory({ limit: 200 }, options),
    revision,
  );
  return (
    <Answered answer={answer} what="the changes of limits">
      {({ changes }) =>
        changes.length === 0 ? (
          <Empty title="No limit was changed yet" hint="Every change is kept with who, when, why, before and after." />
        ) : (
          <PlainTable
            label="Changes of limits"
            columns={[
              { name: `Time ${zone}`, width: '11rem' },
              { name: 'Who', width: '7rem' },
              { name: 'Scope' },
              { name: 'Limit' },
              { name: 'Before', right: true },
              { name: 'After', right: true },
              { name: 'Reason', width: '36%' },
            ]}
          >
            {changes.map((change) => (
              <tr key={`${change.at} ${change.name} ${scopeWords(change.scope)} ${change.after}`} className={TABLE_ROW}>
                <Cell className="whitespace-nowrap text-ink-2" title={bothZones(change.at)}>
                  {dateTimeOf(change.at, zone)}
                </Cell>
                <Cell>{change.owner}</Cell>
                <Cell className="text-ink-2">{scopeWords(change.scope)}</Cell>
                <Cell className="font-medium">{limitTitle(change.name)}</Cell>
                <Cell right className="text-ink-2">
                  {limitChangeFigure(change.name, change.before)}
                </Cell>
                <Cell right className="font-semibold">
                  {limitChangeFigure(change.name, change.after)}
                </Cell>
                <Cell>{change.reason}</Cell>
              </tr>
            ))}
          </PlainTable>
        )
      }
    </Answered>
  );
}
