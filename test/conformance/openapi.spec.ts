import { validate as validateOpenAPI } from '@hyperjump/json-schema/openapi-3-2';
import '@hyperjump/json-schema/openapi-3-0';
import '@hyperjump/json-schema/openapi-3-1';
import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { setupOpenAPI } from '../../src/index.js';
import { isNest11 } from '../support/nest.js';
import {
  EveryBufferedController,
  EveryStreamController,
  StandardSchemaController,
} from '../support/openapi-application.js';
import { documentOf, versions } from '../support/openapi-documents.js';
import { platforms, start, type Platform, type StartOptions } from '../support/platforms.js';

/** The schemas of the OpenAPI Initiative: of a document, and from 3.1 on of the schemas in it. */
const officialSchemas = {
  '3.0.4': 'https://spec.openapis.org/oas/3.0/schema',
  '3.1.1': 'https://spec.openapis.org/oas/3.1/schema-base',
  '3.2.0': 'https://spec.openapis.org/oas/3.2/schema-base',
} as const;

interface Application {
  readonly name: string;
  readonly load: () => Promise<StartOptions>;
}

const loadSample = async (
  sample: Promise<{ AppModule: Type<unknown> }>,
): Promise<StartOptions> => ({
  responses: false,
  imports: [(await sample).AppModule],
});

const applications: readonly Application[] = [
  {
    name: 'every decorator',
    load: () => Promise.resolve({ controllers: [EveryBufferedController, EveryStreamController] }),
  },
  {
    name: 'sample/01-responses',
    load: () => loadSample(import('../../sample/01-responses/src/app.module.js')),
  },
];

/** They use features of NestJS 12 or swagger 12. */
const applicationsOnNest12: readonly Application[] = [
  {
    name: "a Standard Schema in swagger's own decorators",
    load: () => Promise.resolve({ controllers: [StandardSchemaController] }),
  },
  {
    name: 'sample/02-chat',
    load: () => loadSample(import('../../sample/02-chat/src/app.module.js')),
  },
  {
    name: 'sample/03-mcp',
    load: () => loadSample(import('../../sample/03-mcp/src/app.module.js')),
  },
];

type Document = Record<string, string>;

/** What is so on purpose, by rule. */
const accepted: Readonly<Record<string, string>> = {
  'no-illogical-composition-keywords': 'There is one option for each named event, be there one.',
  'operation-2xx-response': 'A route that only redirects answers nothing else.',
  'operation-4xx-response': 'A route that takes no input finds no fault with it.',
};

async function documentOfApplication({ load }: Application, version: string): Promise<string> {
  let document: OpenAPIObject | undefined;
  await start(platforms[0] as Platform, {
    ...(await load()),
    configure: (app) => {
      document = setupOpenAPI(app, { path: '/openapi/', document: documentOf(version) });
    },
  });
  return JSON.stringify(document);
}

const isValid = (application: Application) => {
  it.each(versions)('is valid according to the official schema of OpenAPI %s', async (version) => {
    const document = JSON.parse(await documentOfApplication(application, version)) as Document;
    const output = await validateOpenAPI(officialSchemas[version], document, 'BASIC');
    expect(output).toEqual({ valid: true });
  });

  it.each(versions)('is valid according to another validator, in OpenAPI %s', async (version) => {
    const document = JSON.parse(await documentOfApplication(application, version)) as Document;
    const { valid, errors } = await new Validator().validate(document);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  // Swagger 11 writes `nullable` into documents of OpenAPI 3.1 and later, where it means nothing.
  const linted = versions.map((version) => ({ version, isSkipped: isNest11 && version > '3.1' }));
  for (const { version, isSkipped } of linted) {
    it.skipIf(isSkipped)(
      `passes the recommended rules of a linter, in OpenAPI ${version}`,
      async () => {
        const problems = await lintFromString({
          source: await documentOfApplication(application, version),
          config: await createConfig({ extends: ['recommended'] }),
        });
        const found = problems
          .filter(({ ruleId }) => !(ruleId in accepted))
          .map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer }));
        expect(found).toEqual([]);
      },
    );
  }
};

describe.each(applications)('the document of $name', (application) => {
  isValid(application);
});
describe.skipIf(isNest11).each(applicationsOnNest12)('the document of $name', (application) => {
  isValid(application);
});
