import { describe, expect, test } from 'vitest';
import { csvText, FILL_CSV, ORDER_CSV } from '../../../renderer/blotter/csv.ts';
import { orderView } from '../../fakes/workstation-values.ts';

const column = (text: string): string =>
  csvText([['x', () => text]], [null])
    .split('\r\n')
    .slice(1)
    .join('\r\n')
    .trimEnd();

describe('a file of rows', () => {
  test.each([
    ['plain', 'plain'],
    ['-12.50', '-12.50'],
    ['+0.1', '+0.1'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-cmd', "'-cmd"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ])('%j is written as %j', (text, written) => {
    expect(column(text)).toBe(written);
  });

  test('has the rows given to it, no more, with both zones', () => {
    const order = { ...orderView('o-7'), createdAt: Date.parse('2026-11-20T20:00:00.005Z') };
    const [header = '', line = '', rest] = csvText(ORDER_CSV, [order]).split('\r\n');
    expect(rest).toBe('');
    const names = header.split(',');
    const values = line.split(',');
    const at = (name: string) => values[names.indexOf(name)];
    expect(at('created_utc')).toBe('2026-11-20 20:00:00.005');
    expect(at('created_ist')).toBe('2026-11-21 01:30:00.005');
    expect(at('order')).toBe('o-7');
    expect(csvText(FILL_CSV, [])).toMatch(/^time_utc,time_ist,[\w,]+\r\n$/);
  });
});
