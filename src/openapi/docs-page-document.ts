import type { OpenAPIObject } from '@nestjs/swagger';
import { mapMediaTypes } from './map-media-types.js';

/** Returns a document for Swagger UI, which does not know `itemSchema`. Streams are shown as arrays of their items. */
export function forDocsPage(document: OpenAPIObject): OpenAPIObject {
  return mapMediaTypes(document, (media) =>
    media.itemSchema && !media.schema
      ? { ...media, schema: { type: 'array', items: media.itemSchema } }
      : media,
  );
}
