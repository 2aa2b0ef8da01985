import { describe, expect, it } from 'vitest';
import { ComponentSchemas } from './component-schemas.js';

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('ComponentSchemas', () => {
  const puppy = { type: 'object', properties: { name: { type: 'string' } } };
  const inList = { type: 'array', items: { $ref: '#/$defs/Puppy' }, $defs: { Puppy: puppy } };

  it('turns a definition into a component', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    expect(schemas.place(inList)).toEqual({
      schema: { type: 'array', items: refTo('Puppy') },
      components: { Puppy: puppy },
    });
  });

  it('turns equal definitions into one component', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    schemas.place(inList);
    const { schema } = schemas.place({ not: { $ref: '#/$defs/Puppy' }, $defs: { Puppy: puppy } });
    expect(schema).toEqual({ not: refTo('Puppy') });
  });

  it('numbers a different definition with the same name', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    schemas.place(inList);
    const other = { $ref: '#/$defs/Puppy', $defs: { Puppy: { type: 'string' } } };
    expect(schemas.place(other)).toEqual({
      schema: refTo('Puppy2'),
      components: { Puppy2: { type: 'string' } },
    });
  });

  it('distinguishes definitions by their references', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    const listOf = (item: object) => ({
      $ref: '#/$defs/List',
      $defs: { List: { items: { $ref: '#/$defs/Item' } }, Item: item },
    });
    expect(schemas.place(listOf({ type: 'string' })).schema).toEqual(refTo('List'));
    expect(schemas.place(listOf({ type: 'number' }))).toEqual({
      schema: refTo('List2'),
      components: { List2: { items: refTo('Item2') }, Item2: { type: 'number' } },
    });
  });

  it('does not reuse the names of classes', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    schemas.reserve(['Puppy', 'Puppy2']);
    expect(Object.keys(schemas.place(inList).components)).toEqual(['Puppy3']);
  });

  it('turns a recursive schema into a component named by its title', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    const tree = { title: 'Tree', properties: { children: { items: { $ref: '#' } } } };
    expect(schemas.place(tree)).toEqual({
      schema: refTo('Tree'),
      components: { Tree: { title: 'Tree', properties: { children: { items: refTo('Tree') } } } },
    });
  });

  it('replaces characters that component names must not contain', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    const { components } = schemas.place({
      not: { $ref: '#/$defs/a~1b é' },
      $defs: { 'a/b é': {} },
    });
    expect(Object.keys(components)).toEqual(['a_b__']);
  });

  it('translates the schema and its components', () => {
    const schemas = new ComponentSchemas((schema) => ({ ...schema, 'x-done': true }));
    const { schema, components } = schemas.place(inList);
    expect(schema).toHaveProperty('x-done');
    expect(components['Puppy']).toHaveProperty('x-done');
  });
});
