import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SerializationException } from './serialization.exception.js';

const violations = Array.from({ length: 23 }, (_, index) => ({
  path: `$[${index}].name`,
  message: 'is required',
}));

describe('A SerializationException', () => {
  it('has no status, so Nest treats it as an unexpected error', () => {
    const exception = new SerializationException('Puppy', violations);
    expect(exception).toBeInstanceOf(Error);
    expect(exception).not.toHaveProperty('statusCode');
    expect(exception.name).toBe('SerializationException');
  });

  it('has the type and all violations, and lists the first 20', () => {
    const exception = new SerializationException('Puppy[]', violations);
    expect(exception.type).toBe('Puppy[]');
    expect(exception.violations).toEqual(violations);
    const lines = exception.message.split('\n');
    expect(lines[0]).toBe(
      'The content does not conform to Puppy[]. Send what is declared, or declare what is sent:',
    );
    expect(lines[20]).toBe('  $[19].name is required');
    expect(lines[21]).toBe('  and 3 more');
    expect(lines).toHaveLength(22);
  });

  it('names the place once it is known', () => {
    const exception = new SerializationException('Puppy', violations.slice(0, 1)).at(
      'GET /puppies, status 200',
    );
    expect(exception.message).toBe(
      'GET /puppies, status 200: the content does not conform to Puppy. Send what is declared, or declare what is sent:\n  $[0].name is required',
    );
    expect(exception.violations).toHaveLength(1);
  });

  it('shows everything once if a logger inspects it', () => {
    const text = inspect(new SerializationException('Puppy', violations.slice(0, 1)));
    expect(text.match(/is required/g)).toHaveLength(1);
  });
});
