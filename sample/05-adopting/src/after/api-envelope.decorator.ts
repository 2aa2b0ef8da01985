import { applyDecorators, UseInterceptors, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { EnvelopeInterceptor } from '../envelope.interceptor.js';

/** Declares the envelope in one place, beside the interceptor that adds it. */
export function ApiEnvelope(type: Type, status = 200): MethodDecorator {
  return applyDecorators(
    UseInterceptors(EnvelopeInterceptor),
    ApiExtraModels(type),
    ApiResponse({
      status,
      schema: {
        type: 'object',
        required: ['data'],
        properties: { data: { $ref: getSchemaPath(type) } },
      },
    }),
  );
}
