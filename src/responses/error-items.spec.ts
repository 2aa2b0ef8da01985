import { describe, expect, it } from 'vitest';
import { errorItems, pointerOf } from './error-items.js';

describe('pointerOf()', () => {
  it.each<[readonly unknown[], string]>([
    [[], '#'],
    [['owners', 0, 'name'], '#/owners/0/name'],
    [[''], '#/'],
    [['a/b', 'c~d', '~1'], '#/a~1b/c~0d/~01'],
    [['ä b', '100%', '<b>'], '#/%C3%A4%20b/100%25/%3Cb%3E'],
    [['\ud800'], '#/%EF%BF%BD'],
    [['🐶'], '#/%F0%9F%90%B6'],
    [[Symbol('a')], '#/Symbol(a)'],
  ])('for %j returns %s', (path, pointer) => {
    expect(pointerOf(path)).toBe(pointer);
  });
});

describe('errorItems()', () => {
  it.each<[string, unknown, unknown[]]>([
    ['a message', 'name is empty', [{ detail: 'name is empty' }]],
    ['a number', 5, [{ detail: '5' }]],
    ['null', null, [{ detail: 'null' }]],
    [
      'an issue of Zod',
      { message: 'short', path: ['a', 0], code: 'too_small', minimum: 1 },
      [{ detail: 'short', pointer: '#/a/0', code: 'too_small' }],
    ],
    [
      'an issue of a Standard Schema',
      { message: 'short', path: [{ key: 'a' }, 'b'] },
      [{ detail: 'short', pointer: '#/a/b' }],
    ],
    ['an object of another form', { detail: 'own', at: 3 }, [{ detail: 'own', at: 3 }]],
    [
      'an error of class-validator',
      {
        property: 'owner',
        constraints: { isObject: 'no owner' },
        children: [{ property: 'name', constraints: { isString: 'no', minLength: 'short' } }],
      },
      [
        { detail: 'no owner', pointer: '#/owner', code: 'isObject' },
        { detail: 'no', pointer: '#/owner/name', code: 'isString' },
        { detail: 'short', pointer: '#/owner/name', code: 'minLength' },
      ],
    ],
  ])('describes %s', (_, error, items) => {
    expect(errorItems([error])).toEqual(items);
  });

  it('terminates for errors that contain themselves', () => {
    const error = { property: 'a', constraints: { isInt: 'no' }, children: [] as unknown[] };
    error.children.push(error);
    expect(errorItems([error])).toHaveLength(101);
  });
});
