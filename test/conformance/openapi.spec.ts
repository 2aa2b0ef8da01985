import { validate as validateOpenAPI } from '@hyperjump/json-schema/openapi-3-2';
import '@hyperjump/json-schema/openapi-3-0';
import '@hyperjump/json-schema/openapi-3-1';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { AppModule } from '../../sample/01-responses/src/app.module.js';
import { AppModule as ChatModule } from '../../sample/02-chat/src/app.module.js';
import { AppModule as McpModule } from '../../sample/03-mcp/src/app.module.js';
import { setupOpenAPI } from '../../src/index.js';
import { EveryBufferedController, EveryStreamController } from '../support/openapi-application.js';
import { documentOf, versions } from '../support/openapi-documents.js';
import { platforms, start, type Platform, type StartOptions } from '../support/platforms.js';

/** The schemas of the OpenAPI Initiative: of a document, and from 3.1 on of the schemas in it. */
const officialSchemas = {
  '3.0.4': 'https://spec.openapis.org/oas/3.0/schema',
  '3.1.1': 'https://spec.openapis.org/oas/3.1/schema-base',
  '3.2.0': 'https://spec.openapis.org/oas/3.2/schema-base',
} as const;

const applications: readonly { name: string; options: StartOptions }[] = [
  {
    name: 'every decorator',
    options: { controllers: [EveryBufferedController, EveryStreamController] },
  },
  { name: 'sample/01-responses', options: { responses: false, imports: [AppModule] } },
  { name: 'sample/02-chat', options: { responses: false, imports: [ChatModule] } },
  { name: 'sample/03-mcp', options: { responses: false, imports: [McpModule] } },
];

type Document = Record<string, string>;

/** What is so on purpose, by rule. */
const accepted: Readonly<Record<string, string>> = {
  'no-illogical-composition-keywords': 'There is one option for each named event, be there one.',
  'operation-2xx-response': 'A route that only redirects answers nothing else.',
  'operation-4xx-response': 'A route that takes no input finds no fault with it.',
};

async function documentOfApplication(options: StartOptions, version: string): Promise<string> {
  let document: OpenAPIObject | undefined;
  await start(platforms[0] as Platform, {
    ...options,
    configure: (app) => {
      document = setupOpenAPI(app, { path: '/openapi/', document: documentOf(version) });
    },
  });
  return JSON.stringify(document);
}

describe.each(applications)('the document of $name', ({ options }) => {
  it.each(versions)('is valid by the official schema of OpenAPI %s', async (version) => {
    const document = JSON.parse(await documentOfApplication(options, version)) as Document;
    const output = await validateOpenAPI(officialSchemas[version], document, 'BASIC');
    expect(output).toEqual({ valid: true });
  });

  it.each(versions)('is valid by another validator, in OpenAPI %s', async (version) => {
    const document = JSON.parse(await documentOfApplication(options, version)) as Document;
    const { valid, errors } = await new Validator().validate(document);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it.each(versions)('passes the recommended rules of a linter, in OpenAPI %s', async (version) => {
    const problems = await lintFromString({
      source: await documentOfApplication(options, version),
      config: await createConfig({ extends: ['recommended'] }),
    });
    const found = problems
      .filter(({ ruleId }) => !(ruleId in accepted))
      .map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer }));
    expect(found).toEqual([]);
  });
});
