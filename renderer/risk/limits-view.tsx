import { Button } from '../controls/button.tsx';
import { dateTimeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { openLimit } from './limit-dialog-state.ts';
import { byImportance, limitFigure, limitTitle } from './limit-names.ts';
import { scopeWords, type LimitBook, type ScopedLimitsView } from './limit-source.ts';

interface Entry {
  readonly scoped: ScopedLimitsView;
  readonly name: string;
  readonly value: string | number | null;
}

/** Of all accounts every limit, also those that are off; of a narrower scope only what it sets. */
function entriesOf(book: LimitBook): Entry[] {
  return book.scopes.flatMap((scoped) =>
    Object.keys(scoped.limits)
      .sort(byImportance)
      .map((name) => ({ scoped, name, value: scoped.limits[name] ?? null }))
      .filter(({ value }) => scoped.scope === null || value !== null),
  );
}

function LimitCell({ scoped, name, value }: Entry) {
  return (
    <li className="flex h-[var(--row)] items-center gap-2 border-b border-line px-2">
      <span className="min-w-0 flex-1 truncate text-ink-2" title={name}>
        {limitTitle(name)}
      </span>
      <span className={value === null ? 'text-ink-2' : 'font-medium'}>{limitFigure(name, value)}</span>
      <Button
        size="small"
        tone="quiet"
        aria-label={`Edit ${limitTitle(name)} of ${scopeWords(scoped.scope)}`}
        onClick={() => openLimit(scoped.scope, name)}
      >
        Edit
      </Button>
    </li>
  );
}

/** Limits of every scope, with who set them last and why. */
export function LimitsView({ book }: { readonly book: LimitBook }) {
  const zone = useSettings((settings) => settings.zone);
  const entries = entriesOf(book);
  return (
    <div className="flex flex-col gap-3 py-2">
      {book.scopes.map((scoped) => (
        <section key={scopeWords(scoped.scope)} aria-label={`Limits of ${scopeWords(scoped.scope)}`}>
          <h3 className="flex items-center gap-3 px-2 pb-1">
            <span className="font-semibold">{scopeWords(scoped.scope)}</span>
            <span className="min-w-0 flex-1 truncate text-ink-2">
              {scoped.changedAt === null
                ? 'as delivered'
                : `${scoped.changedBy ?? 'somebody'}, ${dateTimeOf(scoped.changedAt, zone)} ${zone}: ${scoped.reason ?? 'no reason'}`}
            </span>
            {scoped.scope === null ? (
              <Button size="small" onClick={() => openLimit(null, book.names[0]?.name ?? 'maxDailyLoss')}>
                Limit for one scope…
              </Button>
            ) : null}
          </h3>
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(19rem,1fr))] gap-x-4 border-t border-line">
            {entries
              .filter((entry) => entry.scoped === scoped)
              .map((entry) => (
                <LimitCell key={entry.name} {...entry} />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
