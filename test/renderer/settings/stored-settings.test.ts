import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULTS, readSettings, VERSION, writtenSettings } from '../../../renderer/settings/stored-settings.ts';

const stored = (state: unknown, version: unknown = VERSION) => JSON.stringify({ state, version });

describe('stored settings', () => {
  test('nothing stored is the defaults without a word', () => {
    expect(readSettings(null)).toEqual({ settings: DEFAULTS, notice: null });
  });

  test('what is written is read again', () => {
    const settings = {
      ...DEFAULTS,
      theme: 'light',
      palette: 'blue-orange',
      orderValue: { INR: '50000' },
      keys: { buy: 'n' },
      notices: { ...DEFAULTS.notices, fill: { toast: true, sound: true } },
      volume: 0.25,
    } as const;
    expect(readSettings(writtenSettings(settings))).toEqual({ settings, notice: null });
  });

  test('version 1 knew looks: they are kept, the rest begins at the defaults', () => {
    const old = { theme: 'light', palette: 'blue-orange', density: 'compact', zone: 'UTC' };
    expect(readSettings(stored(old, 1))).toEqual({ settings: { ...DEFAULTS, ...old }, notice: null });
  });

  test.each([
    ['half a document', '{"state":'],
    ['another document', '[]'],
    ['no version', '{"state":{}}'],
    ['a text', '"dark"'],
  ])('%s falls back to the defaults and says so', (_what, text) => {
    const { settings, notice } = readSettings(text);
    expect(settings).toEqual(DEFAULTS);
    expect(notice).toMatch(/could not be read/);
  });

  test('a newer version is left alone', () => {
    expect(readSettings(stored({ theme: 'light' }, VERSION + 1))).toMatchObject({
      settings: DEFAULTS,
      notice: expect.stringMatching(/newer version/),
    });
  });

  test.each([
    ['theme', 'pink'],
    ['density', 3],
    ['orderValue', { INR: '-5' }],
    ['orderValue', { INR: '0.0' }],
    ['orderValue', 'much'],
    ['keys', []],
    ['volume', 2],
    ['notices', null],
  ])('a bad %s (%o) costs that field only', (field, value) => {
    const { settings, notice } = readSettings(stored({ ...DEFAULTS, zone: 'UTC', [field]: value }));
    expect(settings).toEqual({ ...DEFAULTS, zone: 'UTC' });
    expect(notice).toContain(field);
  });

  test('whatever is stored, HALT has a key and every field has a value of its kind', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.dictionary(fc.constantFrom('halt', 'buy', 'palette'), fc.oneof(fc.string(), fc.constant(null))),
        (text, keys) => {
          for (const document of [text, stored({ keys })]) {
            const { settings } = readSettings(document);
            expect(settings.keys.halt).not.toBeNull();
            expect(Object.keys(settings).toSorted()).toEqual(Object.keys(DEFAULTS).toSorted());
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
