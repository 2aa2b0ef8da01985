import type { INestApplication } from '@nestjs/common';
import { SwaggerModule, type OpenAPIObject, type SwaggerDocumentOptions } from '@nestjs/swagger';
import { createExchange, headersOf, type PlatformReply } from '../exchange/create-exchange.js';
import { mergeVary } from '../exchange/header-store.js';
import { Representations } from '../responses/representations.js';
import { DEFAULT_SERVICES } from '../responses/services.js';
import { describeContents } from './describe-streams.js';
import { DocumentServer } from './document-server.js';
import { forDocsPage } from './docs-page-document.js';
import { StandardSchemas } from './standard-schemas.js';

/** What `setupOpenAPI()` serves, and where. @publicApi */
export interface OpenAPISetup {
  /** Where the document is served, e.g. `/schema/`; its YAML also at `/schema.yaml`. No global prefix is put before it. */
  readonly path: string;
  /** Where Swagger UI is served, e.g. `/docs/`. On Fastify it asks for `@fastify/static`. @default nowhere */
  readonly docs?: string;
  /** What `DocumentBuilder` builds. Of its version is the document: swagger's default is 3.0.0. */
  readonly document: Omit<OpenAPIObject, 'paths'>;
  /** What swagger's `createDocument()` takes, e.g. `include` for one of several documents. @default none */
  readonly options?: SwaggerDocumentOptions;
}

/**
 * Describes the routes of an application in an OpenAPI document, streams included, and serves it: as JSON or, to clients
 * that ask for it, as YAML, with an `ETag`; and for people as Swagger UI, which asks no other host for anything.
 *
 * Call it before `app.listen()`, once for each document.
 *
 * @returns the document, which may be added to until it is first asked for
 *
 * @publicApi
 */
export function setupOpenAPI(
  app: INestApplication,
  { path, docs, document: config, options }: OpenAPISetup,
): OpenAPIObject {
  const standardSchemas = new StandardSchemas(config.openapi, options?.standardSchemaConverter);
  const created = SwaggerModule.createDocument(app, config, {
    ...options,
    standardSchemaConverter: (schema, { schemaType }) =>
      standardSchemas.place(schema as object, schemaType),
  });
  const document = describeContents(created, standardSchemas, representationsOf(app));
  serveDocument(app, withoutSlash(path), document);
  if (docs !== undefined) {
    serveDocs(app, withoutSlash(docs), document);
  }
  return document;
}

/** Those of the module, or the built-in ones in an application without it. */
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
    // Fastify has this path already where it ignores the slash at the end of one.
    if ((error as { code?: unknown }).code !== 'FST_ERR_DUPLICATED_ROUTE') {
      throw error;
    }
  }
}

function serveDocs(app: INestApplication, path: string, document: OpenAPIObject): void {
  SwaggerModule.setup(path, app, () => forDocsPage(document), {
    raw: false,
    customSiteTitle: document.info.title,
    // Else the page asks a validator on the internet about the document.
    swaggerOptions: { validatorUrl: null },
  });
}

/** With a slash before it and none behind; empty for the root. */
function withoutSlash(path: string): string {
  const name = path.replace(/^\/+|\/+$/g, '');
  return name && `/${name}`;
}
