import { describe, expect, test } from 'vitest';
import { readLayoutText } from '../../../renderer/layout/stored-layout.ts';

const known = ['chart', 'ticket'];

describe('a stored layout', () => {
  test.each([
    ['nothing', null, 'none'],
    ['half a document', '{"grid":', 'corrupt'],
    ['another document', '[]', 'corrupt'],
    ['no panels', '{"grid":{},"panels":{}}', 'corrupt'],
    ['a panel of another version', '{"grid":{},"panels":{"gone":{}}}', 'corrupt'],
    ['a layout', '{"grid":{},"panels":{"chart":{}}}', 'layout'],
  ])('%s is %s', (_what, text, kind) => {
    expect(readLayoutText(text, known).kind).toBe(kind);
  });
});
