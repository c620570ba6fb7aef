import { describe, expect, test } from 'vitest';
import {
  FIXED_KEYS,
  KEY_ACTIONS,
  keyProblem,
  keysOf,
  keysOfPress,
  SCREEN_KEYS,
  showKeys,
  soundChanges,
  type KeyActionId,
  type KeyChanges,
} from '../../../renderer/settings/keys.ts';

const press = (code: string, modifiers: { ctrl?: boolean; meta?: boolean; alt?: boolean; shift?: boolean } = {}) => ({
  code,
  ctrlKey: modifiers.ctrl ?? false,
  metaKey: modifiers.meta ?? false,
  altKey: modifiers.alt ?? false,
  shiftKey: modifiers.shift ?? false,
});

describe('keys', () => {
  test('the defaults do not clash with each other, with screens or with panels', () => {
    for (const { id, keys } of KEY_ACTIONS) expect(keyProblem(id, keys, {}), id).toBeNull();
    const all = [...KEY_ACTIONS.map(({ keys }) => keys), ...SCREEN_KEYS];
    expect(new Set(all).size).toBe(all.length);
  });

  test.each<[KeyActionId, string | null, KeyChanges, RegExp | null]>([
    ['halt', null, {}, /always has a key/],
    ['halt', 'f9', {}, null],
    ['halt', 'mod+alt+h', {}, null],
    ['halt', 'h', {}, /works while you type/],
    ['halt', 'shift+h', {}, /works while you type/],
    ['palette', null, {}, null],
    ['palette', 'mod+shift+h', {}, /HALT/],
    ['palette', 'mod+shift+h', { halt: 'f9' }, null],
    ['buy', 's', {}, /Sell/],
    ['buy', 's', { sell: null }, null],
    ['buy', 'mod+3', {}, /screen/],
    ['buy', 'shift+b', {}, /Depth ladder/],
    ['buy', 'tab', {}, /belongs to the window/],
    ['buy', 'mod+c', {}, /belongs to the window/],
    ['buy', 'mod+shift', {}, /together/],
    ['freeze', 'f', { freeze: 'z' }, null],
  ])('%s on %s with %o', (id, keys, changes, problem) => {
    const sentence = keyProblem(id, keys, changes);
    if (problem === null) expect(sentence).toBeNull();
    else expect(sentence).toMatch(problem);
  });

  test('a press is named by the place of its key', () => {
    expect(keysOfPress(press('KeyH', { ctrl: true, shift: true }))).toBe('mod+shift+h');
    expect(keysOfPress(press('KeyH', { meta: true, shift: true }))).toBe('mod+shift+h');
    expect(keysOfPress(press('Digit1', { ctrl: true }))).toBe('mod+1');
    expect(keysOfPress(press('Slash'))).toBe('slash');
    expect(keysOfPress(press('ArrowUp', { alt: true }))).toBe('alt+up');
    expect(keysOfPress(press('F9'))).toBe('f9');
    // Held modifiers alone are no key yet.
    expect(keyProblem('buy', keysOfPress(press('ControlLeft', { ctrl: true })), {})).toMatch(/together/);
    expect(keyProblem('buy', keysOfPress(press('ShiftRight', { shift: true })), {})).toMatch(/together/);
  });

  test('stored changes that clash are dropped, an exchange of two keys stays, HALT keeps a key', () => {
    expect(soundChanges({ buy: 's', sell: 'b' })).toEqual({ buy: 's', sell: 'b' });
    expect(soundChanges({ halt: null, palette: null })).toEqual({ palette: null });
    expect(soundChanges({ halt: 'h' })).toEqual({});
    expect(soundChanges({ buy: 'x', sell: 'x' })).toEqual({ sell: 'x' });
    expect(soundChanges({ buy: 7, unknown: 'q' })).toEqual({});
    for (const stored of [{ halt: '' }, { halt: 'mod+' }, { halt: 'mod+c' }])
      expect(keysOf('halt', soundChanges(stored))).toBe('mod+shift+h');
  });

  test('are shown as they are printed on a keyboard', () => {
    expect(showKeys('mod+shift+h')).toBe('Ctrl Shift H');
    expect(showKeys('slash')).toBe('/');
    expect(showKeys(null)).toBe('none');
    for (const { rows } of FIXED_KEYS)
      for (const { keys } of rows) for (const each of keys) expect(showKeys(each)).not.toBe('');
  });
});
