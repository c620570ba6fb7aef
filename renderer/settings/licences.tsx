import licences from 'virtual:licences';

/** Each package with its version, its licence and, unfolded, the text that has to go with it. */
export function Licences() {
  return (
    <ul aria-label="Licences" className="px-4 py-2">
      {licences.map(({ name, version, licence, text }) => (
        <li key={name} className="border-b border-line">
          {text === '' ? (
            <p className="flex gap-3 py-1.5 pl-4">
              <span className="font-semibold">{name}</span>
              <span className="text-ink-2">{version}</span>
              <span className="ml-auto">{licence}</span>
            </p>
          ) : (
            <details>
              <summary className="flex gap-3 py-1.5 marker:content-none">
                <span aria-hidden>›</span>
                <span className="font-semibold">{name}</span>
                <span className="text-ink-2">{version}</span>
                <span className="ml-auto">{licence}</span>
              </summary>
              <pre className="pb-3 pl-4 font-sans whitespace-pre-wrap text-ink-2">{text}</pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
