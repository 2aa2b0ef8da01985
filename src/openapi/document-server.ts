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
/** Under other names that clients ask for YAML by. */
const YAML_TYPES = [
  YAML_TYPE,
  'application/vnd.oai.openapi',
  'application/vnd.oai.openapi+yaml',
  'application/x-yaml',
  'text/yaml',
];
/** The first is what a client gets that does not care. */
const MEDIA_TYPES = [JSON_TYPE, 'application/json', ...YAML_TYPES];

interface Representation {
  readonly etag: string;
  readonly response: BufferedResponse;
}

/** Answers requests for an OpenAPI document, in JSON or YAML, with an `ETag`; 304 to a client that has it. */
export class DocumentServer {
  readonly #representations = new Map<string, Representation>();

  /** @param document is read when it is first asked for, so that it may be added to until then */
  constructor(private readonly document: object) {}

  /** In the form that the client likes best; as JSON where it accepts none, which is of more use than a 406. */
  negotiated(exchange: Exchange): BufferedResponse {
    const mediaType = negotiateMediaType(MEDIA_TYPES, exchange.requestHeaders.accept);
    return this.#answer(exchange, mediaType ?? JSON_TYPE);
  }

  /** In YAML, whatever the client accepts. */
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

/** By way of JSON, as YAML would keep what JSON leaves out; each part in full wherever it stands. */
function yamlOf(json: string): string {
  return stringify(JSON.parse(json), { aliasDuplicateObjects: false });
}
