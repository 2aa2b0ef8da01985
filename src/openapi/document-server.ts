import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { evaluatePreconditions } from '../../libs/byte-ranges/index.js';
import type { Exchange } from '../exchange/exchange.js';
import { negotiateMediaType } from '../mapping/negotiate-media-type.js';
import type { BufferedResponse } from '../responses/buffered/buffered-response.js';
import { EmptyResponse } from '../responses/buffered/empty-response.js';
import { OpenAPIResponse } from '../responses/buffered/openapi-response.js';
import { PlainTextResponse } from '../responses/buffered/plain-text-response.js';

const JSON_TYPE = 'application/vnd.oai.openapi+json';
/** Source: RFC 9512, section 2.1. */
const YAML_TYPE = 'application/yaml';
/** Other media types that clients request YAML with. */
const YAML_TYPES = [
  YAML_TYPE,
  'application/vnd.oai.openapi',
  'application/vnd.oai.openapi+yaml',
  'application/x-yaml',
  'text/yaml',
];
/** Clients that accept anything get the first one. */
const MEDIA_TYPES = [JSON_TYPE, 'application/json', ...YAML_TYPES];

interface Representation {
  readonly etag: string;
  readonly response: BufferedResponse;
}

/** Serves an OpenAPI document as JSON or YAML, with an `ETag`. Answers 304 if the client has the current version. */
export class DocumentServer {
  readonly #representations = new Map<string, Representation>();

  /** @param document read on the first request. It can be changed until then */
  constructor(private readonly document: object) {}

  /**
   * Returns the document in the format that the client prefers, or as JSON if it accepts none. That is more useful than
   * a 406.
   */
  negotiated(exchange: Exchange): BufferedResponse {
    const mediaType = negotiateMediaType(MEDIA_TYPES, exchange.requestHeaders.accept);
    return this.#answer(exchange, mediaType ?? JSON_TYPE);
  }

  /** Returns the document as YAML, regardless of `Accept`. */
  yaml(exchange: Exchange): BufferedResponse {
    return this.#answer(exchange, YAML_TYPE);
  }

  #answer({ method, requestHeaders }: Exchange, mediaType: string): BufferedResponse {
    const { etag, response } = this.#representation(mediaType);
    const outcome = evaluatePreconditions(method, requestHeaders, { etag }, Date.now());
    return outcome === 'proceed'
      ? response
      : new EmptyResponse({ statusCode: outcome, headers: { ETag: etag } });
  }

  #representation(mediaType: string): Representation {
    let representation = this.#representations.get(mediaType);
    if (!representation) {
      const json = JSON.stringify(this.document);
      const text = YAML_TYPES.includes(mediaType) ? yamlOf(json) : json;
      const etag = `"${createHash('sha256').update(mediaType).update(text).digest('base64url')}"`;
      const options = { mediaType, headers: { ETag: etag } };
      representation = {
        etag,
        response: YAML_TYPES.includes(mediaType)
          ? new PlainTextResponse(text, options)
          : new OpenAPIResponse(JSON.parse(json) as object, options),
      };
      this.#representations.set(mediaType, representation);
    }
    return representation;
  }
}

/** Converts through JSON, because YAML would keep values that JSON leaves out. Writes repeated parts in full. */
function yamlOf(json: string): string {
  return stringify(JSON.parse(json), { aliasDuplicateObjects: false });
}
