import type { PipeTransform, Type } from '@nestjs/common';

/**
 * A decorator of a handler's parameter. Pipes transform the value. Declared here because the type that Nest infers has
 * different names in NestJS 11 and 12.
 *
 * @publicApi
 */
export type HandlerParameter = (
  ...pipes: (PipeTransform | Type<PipeTransform>)[]
) => ParameterDecorator;
