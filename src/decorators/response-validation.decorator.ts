import { SetMetadata } from '@nestjs/common';
import type { Validation } from '../responses/declared-serializer.js';

/** The metadata key of `@ResponseValidation()`. */
export const RESPONSE_VALIDATION = 'nestjs-responses:validation';

/**
 * Sets the option `validation` of `ResponsesModule` for the declared content of a route, or of all routes of a
 * controller. A route wins over its controller. An `APIResponse` that a handler constructs follows the module's option.
 *
 * @publicApi
 */
export function ResponseValidation(validation: Validation): ClassDecorator & MethodDecorator {
  return SetMetadata(RESPONSE_VALIDATION, validation);
}
