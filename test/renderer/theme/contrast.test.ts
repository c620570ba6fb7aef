import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(resolve(import.meta.dirname, '../../../renderer/theme/tokens.css'), 'utf8');

function tokens(...selectors: string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const selector of selectors) {
    const start = css.indexOf(`${selector} {`);
    if (start < 0) throw new Error(`no rule ${selector}`);
    const body = css.slice(start, css.indexOf('}', start));
    for (const [, name, value] of body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/gi)) found.set(name ?? '', value ?? '');
  }
  return found;
}

/** sRGB channel to linear light (WCAG 2.2). */
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function channels(hex: string): [number, number, number] {
  const number = Number.parseInt(hex.slice(1), 16);
  return [linear((number >> 16) & 255), linear((number >> 8) & 255), linear(number & 255)];
}

function luminance(hex: string): number {
  const [r, g, b] = channels(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Deuteranopia after Machado et al. 2009, severity 1, on linear RGB; distance in OKLab. */
function oklabSeen(hex: string): [number, number, number] {
  const [r, g, b] = channels(hex);
  const [dr, dg, db] = [
    0.367322 * r + 0.860646 * g - 0.227968 * b,
    0.280085 * r + 0.672501 * g + 0.047413 * b,
    -0.01182 * r + 0.04294 * g + 0.968881 * b,
  ].map((value) => Math.max(0, value)) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * dr + 0.5363325363 * dg + 0.0514459929 * db);
  const m = Math.cbrt(0.2119034982 * dr + 0.6806995451 * dg + 0.1073969566 * db);
  const s = Math.cbrt(0.0883024619 * dr + 0.2817188376 * dg + 0.6299787005 * db);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function seenDistance(a: string, b: string): number {
  const [x, y] = [oklabSeen(a), oklabSeen(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

const THEMES = {
  dark: [':root'],
  'dark blue-orange': [':root', "[data-palette='blue-orange']"],
  'dark red-green': [':root', "[data-palette='red-green']"],
  light: [':root', "[data-theme='light']"],
  'light blue-orange': [
    ':root',
    "[data-theme='light']",
    "[data-palette='blue-orange']",
    "[data-palette='blue-orange'][data-theme='light']",
  ],
  'light red-green': [
    ':root',
    "[data-theme='light']",
    "[data-palette='red-green']",
    "[data-palette='red-green'][data-theme='light']",
  ],
};

const TEXT_ON: readonly [string, readonly string[]][] = [
  ['text', ['panel', 'canvas', 'raised', 'hover', 'selected', 'flash-up', 'flash-down']],
  ['text-2', ['panel', 'canvas', 'raised', 'hover', 'selected']],
  ['text-3', ['panel', 'canvas']],
  ['up', ['panel', 'raised', 'hover', 'selected', 'flash-up']],
  ['down', ['panel', 'raised', 'hover', 'selected', 'flash-down']],
  ['warn', ['panel', 'raised']],
  ['paper', ['panel']],
  ['stale', ['panel', 'selected']],
  ['accent', ['panel', 'raised']],
  ['on-side', ['buy', 'sell']],
  ['on-halt', ['halt-bar']],
  ['on-live', ['live']],
  ['on-accent', ['accent']],
];

describe.each(Object.entries(THEMES))('%s', (_name, selectors) => {
  const colours = tokens(...selectors);
  const of = (name: string) => colours.get(name) ?? '#000000';

  test('every text reaches 4.5:1 on what it stands on', () => {
    const low = TEXT_ON.flatMap(([text, grounds]) =>
      grounds.map((ground) => ({ text, ground, ratio: contrast(of(text), of(ground)) })),
    ).filter(({ ratio }) => ratio < 4.5);
    expect(low).toEqual([]);
  });

  test('the border of a control reaches 3:1', () => {
    expect(contrast(of('border-strong'), of('panel'))).toBeGreaterThanOrEqual(3);
  });
});

test('blue and orange stay apart without green vision, green and red do not', () => {
  const cvd = tokens(...THEMES['dark blue-orange']);
  const usual = tokens(...THEMES.dark);
  expect(seenDistance(cvd.get('up') ?? '', cvd.get('down') ?? '')).toBeGreaterThanOrEqual(0.25);
  expect(seenDistance(usual.get('up') ?? '', usual.get('down') ?? '')).toBeLessThan(0.25);
  expect(seenDistance(usual.get('live') ?? '', usual.get('paper') ?? '')).toBeGreaterThanOrEqual(0.15);
});
