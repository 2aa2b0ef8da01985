import { assertType, describe, expectTypeOf, it } from 'vitest';
import { HTMLTemplateResponse } from '../../src/index.js';

interface Puppy {
  readonly name: string;
}

describe('HTMLTemplateResponse', () => {
  it('knows its context', () => {
    const response = new HTMLTemplateResponse('puppy', {
      context: { name: 'Rex' },
      statusCode: 201,
    });
    expectTypeOf(response).toEqualTypeOf<HTMLTemplateResponse<{ name: string }>>();
    expectTypeOf(response.content).toEqualTypeOf<{ name: string } | undefined>();
    expectTypeOf(new HTMLTemplateResponse<Puppy>('puppy', { context: { name: 'Rex' } })).toExtend<
      HTMLTemplateResponse<Puppy>
    >();
  });

  it('needs no context', () => {
    expectTypeOf(new HTMLTemplateResponse('page')).toEqualTypeOf<HTMLTemplateResponse>();
  });

  it('rejects a context of another type', () => {
    // @ts-expect-error -- a puppy has a name, which is text
    assertType(new HTMLTemplateResponse<Puppy>('puppy', { context: { name: 1 } }));
    // @ts-expect-error -- values stand in "context"
    assertType(new HTMLTemplateResponse('puppy', { name: 'Rex' }));
  });
});
