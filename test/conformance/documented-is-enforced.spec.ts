import type { Type } from '@nestjs/common';
import type { OpenAPIObject, OperationObject, ResponseObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { setupOpenAPI } from '../../src/index.js';
import { Representations } from '../../src/responses/representations.js';
import { readContract } from '../../src/mapping/route-contract.js';
import { compileSchema, type SchemaSource } from '../../src/schemas/compile-schema.js';
import { SerializationException } from '../../src/schemas/serialization.exception.js';
import {
  EveryBufferedController,
  EveryStreamController,
  StandardSchemaController,
} from '../support/openapi-application.js';
import { documentOf } from '../support/openapi-documents.js';
import { isNest11 } from '../support/nest.js';
import { platforms, start, type Platform } from '../support/platforms.js';

type JSONSchema = Readonly<Record<string, unknown>>;

const puppy = { id: 1, name: 'Rex', owner: { name: 'Ann' } };
const cat = { id: 1, kind: 'cat', born: new Date(0), toy: null };

/** Values that conform to some of what is declared, and to nothing of the rest. */
const values: readonly unknown[] = [
  puppy,
  { ...puppy, owner: null },
  { ...puppy, id: 1.5 },
  { ...puppy, name: 1 },
  { ...puppy, owner: {} },
  { ...puppy, secret: 'undeclared' },
  { id: 1 },
  [puppy],
  [puppy, { id: 1 }],
  [],
  cat,
  { ...cat, id: 0 },
  { ...cat, kind: 'dog' },
  { ...cat, toy: 1 },
  { ...cat, secret: 'undeclared' },
  [cat],
  { id: 1, kind: 'lion' },
  { i: 0 },
  { i: '0' },
  { name: 'root', children: [{ name: 'leaf', children: [] }] },
  { name: 'root', children: [{ name: 'leaf' }] },
  { cat: { lives: 9 }, puppy: { woof: true } },
  { cat: { lives: 9 }, puppy },
  { a: null },
  { a: 1 },
  {},
  null,
  'text',
  1,
  true,
  new Date(0),
];

/** Answer by a response of their own, whose body is documented and nobody's to check. */
const documentedOnly = ['EveryBufferedController_rpc', 'EveryBufferedController_rpcZod'];

/** Of these nothing is declared that a plain value could fail. */
const notEnforced = [
  'EveryBufferedController_anything (200, application/json)',
  'EveryBufferedController_file (200, image/png)',
  'EveryBufferedController_file (206, image/png)',
  'EveryBufferedController_file (206, multipart/byteranges)',
  'EveryStreamController_ndjsonAnything (200, application/x-ndjson)',
  'EveryStreamController_anything (200, text/event-stream)',
];

interface Declared {
  /** What the document says of a value, of an item, or of the data of an event. */
  readonly documented: JSONSchema;
  /** What the route holds it to. */
  readonly enforced: SchemaSource | undefined;
}

/** Each schema of the successful responses of a document, beside that of the route. */
function declaredIn(document: OpenAPIObject): [name: string, declared: Declared][] {
  return Object.values(document.paths)
    .flatMap((item) => Object.values(item) as OperationObject[])
    .filter(({ operationId = '' }) => !documentedOnly.includes(operationId))
    .flatMap((operation) =>
      Object.entries(operation.responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([status, response]) =>
          Object.entries((response as ResponseObject).content ?? {}).flatMap(([mediaType, media]) =>
            declaredOf(operation.operationId ?? '', Number(status), mediaType, media as JSONSchema),
          ),
        ),
    );
}

function declaredOf(
  operationId: string,
  status: number,
  mediaType: string,
  media: JSONSchema,
): [string, Declared][] {
  const [controllerName, method = ''] = operationId.split('_');
  const controller = [
    EveryBufferedController,
    EveryStreamController,
    StandardSchemaController,
  ].find(({ name }) => name === controllerName) as Type;
  const handler = (controller.prototype as Record<string, object>)[method] as object;
  const content = readContract(controller, method, handler, new Representations())
    .contentsOf(status)
    .get(mediaType);
  // What is made of no plain value is held to nothing.
  const enforced = content?.representation && content;
  const name = `${operationId} (${status}, ${mediaType})`;
  const schema = (media['itemSchema'] ?? media['schema'] ?? {}) as JSONSchema;
  if (mediaType !== 'text/event-stream') {
    return [[name, { documented: schema, enforced: enforced?.schema }]];
  }
  const dataOf = (event: JSONSchema) => {
    const { data } = event['properties'] as { data: JSONSchema };
    return (data['contentSchema'] ?? data) as JSONSchema;
  };
  if (!enforced?.events) {
    return [[name, { documented: dataOf(schema), enforced: enforced?.schema }]];
  }
  const options = schema['oneOf'] as { properties: { event: { const: string } } }[];
  return options.map((option) => {
    const event = option.properties.event.const;
    return [
      `${name}, ${event}`,
      { documented: dataOf(option as unknown as JSONSchema), enforced: enforced.events?.[event] },
    ];
  });
}

async function sent(source: SchemaSource, value: unknown): Promise<string | undefined> {
  try {
    return await compileSchema(source).serialize(value);
  } catch (error) {
    if (error instanceof SerializationException) {
      return undefined;
    }
    throw error;
  }
}

describe('the document', () => {
  // Swagger 11 writes `nullable` into documents of 3.1 and later, where it means nothing.
  it.skipIf(isNest11)('is enforced, in every operation', async () => {
    let document: OpenAPIObject | undefined;
    await start(platforms[0] as Platform, {
      controllers: [EveryBufferedController, EveryStreamController, StandardSchemaController],
      configure: (app) => {
        document = setupOpenAPI(app, { path: '/schema/', document: documentOf('3.2.0') });
      },
    });
    const { components, ...rest } = JSON.parse(JSON.stringify(document)) as OpenAPIObject;
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    ajv.addSchema({ $id: 'document', components });
    const declared = declaredIn({ components: components ?? {}, ...rest });
    expect(declared.length).toBeGreaterThan(30);

    const checked = declared.filter(([, { enforced }]) => enforced !== undefined);
    const unchecked = declared.filter(([name]) => !checked.some(([other]) => other === name));
    expect(unchecked.map(([name]) => name)).toEqual(notEnforced);
    const differences: string[] = [];
    for (const [name, { documented, enforced }] of checked) {
      const conforms = ajv.compile(
        JSON.parse(JSON.stringify(documented).replaceAll('"#/', '"document#/')) as object,
      );
      for (const value of values) {
        const text = await sent(enforced as SchemaSource, value);
        const json = JSON.stringify(value);
        if (conforms(JSON.parse(json)) && text === undefined) {
          differences.push(`${name} refuses ${json}, which the document allows.`);
        } else if (text !== undefined && !conforms(JSON.parse(text))) {
          differences.push(`${name} sends ${text}, which the document does not allow.`);
        }
      }
    }
    expect(differences).toEqual([]);
  });
});
