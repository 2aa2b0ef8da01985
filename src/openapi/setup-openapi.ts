import type { INestApplication } from '@nestjs/common';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { createExchange, headersOf, type PlatformReply } from '../exchange/create-exchange.js';
import { mergeVary } from '../exchange/header-store.js';
import { Representations } from '../responses/representations.js';
import { DEFAULT_SERVICES } from '../responses/services.js';
import { describeContents } from './describe-streams.js';
import type { DocumentOptions } from './document-options.js';
import { DocumentServer } from './document-server.js';
import { forDocsPage } from './docs-page-document.js';
import { StandardSchemas } from './standard-schemas.js';

/** Options of `setupOpenAPI()`. @publicApi */
export interface OpenAPISetup {
  /** The path of the document, e.g. `/schema/`, with YAML also at `/schema.yaml`. A global prefix does not apply. */
  readonly path: string;
  /** The path of Swagger UI, e.g. `/docs/`. On Fastify it requires `@fastify/static`. @default not served */
  readonly docs?: string;
  /** The result of `DocumentBuilder.build()`, including the OpenAPI version. Swagger's default is 3.0.0. */
  readonly document: Omit<OpenAPIObject, 'paths'>;
  /** The options of swagger's `createDocument()`, e.g. `include` for one of several documents. @default none */
  readonly options?: DocumentOptions;
}

/**
 * Creates the OpenAPI document of an application, including streams. Serves it as JSON or YAML, with an `ETag`. Also
 * serves Swagger UI, without requests to other hosts.
 *
 * Call it before `app.listen()`, once for each document.
 *
 * @returns the document. It can be changed until the first request for it
 *
 * @publicApi
 */
export function setupOpenAPI(
  app: INestApplication,
  { path, docs, document: config, options }: OpenAPISetup,
): OpenAPIObject {
  const standardSchemas = new StandardSchemas(config.openapi, options?.standardSchemaConverter);
  const createOptions: DocumentOptions = {
    ...options,
    standardSchemaConverter: (schema, { schemaType }) =>
      standardSchemas.place(schema as object, schemaType),
  };
  const created = SwaggerModule.createDocument(app, config, createOptions);
  const document = describeContents(created, standardSchemas, representationsOf(app));
  serveDocument(app, withoutSlash(path), document);
  if (docs !== undefined) {
    serveDocs(app, withoutSlash(docs), document);
  }
  return document;
}

/** Returns the representations of the module, or the built-in ones if it is not imported. */
function representationsOf(app: INestApplication): Representations {
  try {
    return app.get(Representations, { strict: false });
  } catch {
    return new Representations();
  }
}

function serveDocument(app: INestApplication, path: string, document: OpenAPIObject): void {
  const server = new DocumentServer(document);
  const adapter = app.getHttpAdapter();
  const negotiated = (_request: unknown, reply: PlatformReply): void => {
    mergeVary(headersOf(reply), 'Accept');
    const exchange = createExchange(reply);
    void server.negotiated(exchange).deliver(exchange, DEFAULT_SERVICES);
  };
  adapter.get(`${path}/`, negotiated);
  adapter.get(`${path}.yaml`, (_request: unknown, reply: PlatformReply): void => {
    const exchange = createExchange(reply);
    void server.yaml(exchange).deliver(exchange, DEFAULT_SERVICES);
  });
  try {
    adapter.get(path, negotiated);
  } catch (error) {
    // Fastify already has this path if it ignores trailing slashes.
    if ((error as { code?: unknown }).code !== 'FST_ERR_DUPLICATED_ROUTE') {
      throw error;
    }
  }
}

function serveDocs(app: INestApplication, path: string, document: OpenAPIObject): void {
  SwaggerModule.setup(path, app, () => forDocsPage(document), {
    raw: false,
    customSiteTitle: document.info.title,
    // Otherwise the page sends the document to a validator on the internet.
    swaggerOptions: { validatorUrl: null },
  });
}

/** Returns a path with a leading slash and no trailing one. Empty for the root. */
function withoutSlash(path: string): string {
  const name = path.replace(/^\/+|\/+$/g, '');
  return name && `/${name}`;
}
