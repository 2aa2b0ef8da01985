import { JSONResponse } from './json-response.js';

/** Sends an OpenAPI document as JSON. @publicApi */
export class OpenAPIResponse<TDocument extends object = object> extends JSONResponse<TDocument> {
  override readonly mediaType: string = 'application/vnd.oai.openapi+json';
}
