import type { PipeTransform, Type } from '@nestjs/common';

/**
 * A decorator of a handler's parameter; the pipes transform the value. The type that Nest infers for one has a different
 * name in NestJS 11 and 12, and could not be published for both.
 *
 * @publicApi
 */
export type HandlerParameter = (
  ...pipes: (PipeTransform | Type<PipeTransform>)[]
) => ParameterDecorator;
