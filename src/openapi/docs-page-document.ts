import type { OpenAPIObject } from '@nestjs/swagger';
import { mapMediaTypes } from './map-media-types.js';

/** The document as Swagger UI shows it: of a stream it knows no `itemSchema`, but the array of its items. */
export function forDocsPage(document: OpenAPIObject): OpenAPIObject {
  return mapMediaTypes(document, (media) =>
    media.itemSchema && !media.schema
      ? { ...media, schema: { type: 'array', items: media.itemSchema } }
      : media,
  );
}
