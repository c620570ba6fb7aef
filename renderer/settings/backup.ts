import { readSettings, writtenSettings, type Settings } from './stored-settings.ts';

const LARGEST_FILE = 1_000_000;

/** Hands text over as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveSettings(settings: Settings): void {
  saveFile('tradewright.settings.json', 'application/json', writtenSettings(settings));
}

/** The settings of a file, or why it is none. */
export async function loadSettings(
  file: File,
): Promise<{ readonly settings: Settings } | { readonly problem: string }> {
  if (file.size > LARGEST_FILE) return { problem: `${file.name} is too large for a file of settings.` };
  const { settings, notice } = readSettings(await file.text());
  return notice === null ? { settings } : { problem: `${file.name}: ${notice} Nothing was changed.` };
}
