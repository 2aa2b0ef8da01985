import { describe, expect, it } from 'vitest';
import { ComponentSchemas } from './component-schemas.js';

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('ComponentSchemas', () => {
  const puppy = { type: 'object', properties: { name: { type: 'string' } } };
  const inList = { type: 'array', items: { $ref: '#/$defs/Puppy' }, $defs: { Puppy: puppy } };

  it('makes a component of a definition', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    expect(schemas.place(inList)).toEqual({
      schema: { type: 'array', items: refTo('Puppy') },
      components: { Puppy: puppy },
    });
  });

  it('makes one component of definitions that are the same', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    schemas.place(inList);
    const { schema } = schemas.place({ not: { $ref: '#/$defs/Puppy' }, $defs: { Puppy: puppy } });
    expect(schema).toEqual({ not: refTo('Puppy') });
  });

  it('gives another definition of a name a number', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    schemas.place(inList);
    const other = { $ref: '#/$defs/Puppy', $defs: { Puppy: { type: 'string' } } };
    expect(schemas.place(other)).toEqual({
      schema: refTo('Puppy2'),
      components: { Puppy2: { type: 'string' } },
    });
  });

  it('tells definitions apart by what they refer to', () => {
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

  it('leaves the names of classes to them', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    schemas.reserve(['Puppy', 'Puppy2']);
    expect(Object.keys(schemas.place(inList).components)).toEqual(['Puppy3']);
  });

  it('makes a component of a schema that holds itself, by its title', () => {
    const schemas = new ComponentSchemas((schema) => schema);
    const tree = { title: 'Tree', properties: { children: { items: { $ref: '#' } } } };
    expect(schemas.place(tree)).toEqual({
      schema: refTo('Tree'),
      components: { Tree: { title: 'Tree', properties: { children: { items: refTo('Tree') } } } },
    });
  });

  it('makes a name that a component may have', () => {
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
