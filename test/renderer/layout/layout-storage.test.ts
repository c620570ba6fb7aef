import { describe, expect, test } from 'vitest';
import {
  kindOfPanel,
  readLayoutText,
  symbolsOf,
  type WorkspaceLayout,
} from '../../../renderer/layout/stored-layout.ts';

const known = ['chart', 'ticket'];

describe('a stored layout', () => {
  test.each([
    ['nothing', null, 'none'],
    ['half a document', '{"grid":', 'corrupt'],
    ['another document', '[]', 'corrupt'],
    ['no panels', '{"grid":{},"panels":{}}', 'corrupt'],
    ['a panel of another version', '{"grid":{},"panels":{"gone":{}}}', 'corrupt'],
    ['a layout', '{"grid":{},"panels":{"chart":{}}}', 'layout'],
    ['a second chart', '{"grid":{},"panels":{"chart-2":{"contentComponent":"chart"}}}', 'layout'],
    ['a panel under a foreign name', '{"grid":{},"panels":{"ticket":{"contentComponent":"chart"}}}', 'corrupt'],
    ['a panel that is none', '{"grid":{},"panels":{"chart":7}}', 'corrupt'],
  ])('%s is %s', (_what, text, kind) => {
    expect(readLayoutText(text, known).kind).toBe(kind);
  });
});

test('the kind of a panel is in its id', () => {
  expect(['chart', 'chart-2', 'chart-12'].map(kindOfPanel)).toEqual(['chart', 'chart', 'chart']);
});

test('symbols of a layout are names or none', () => {
  const layout = (symbols: unknown) => ({ symbols }) as WorkspaceLayout;
  expect(symbolsOf(layout({ A: 'BTC.X', B: 7, C: 'ETH.X' }))).toEqual({
    A: 'BTC.X',
    linked: { B: null, C: 'ETH.X', D: null },
  });
  expect(symbolsOf(layout(null)).A).toBeNull();
});
