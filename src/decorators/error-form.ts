import { applyDecorators, type Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { ApiExtraModels, ApiResponse, DECORATORS, getSchemaPath } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { APIError } from './api-error.js';
import { documentedOnly, responseEntries, type ResponseEntry } from './declaration.js';
import type { ResponseDescription, ResponseExamples } from './declare-content.js';
import { Problem } from './problem.js';

/** The form of errors: `APIErrorResponse` or `ProblemResponse`. */
export type ErrorForm = 'json' | 'problem';

interface ErrorDescription extends ResponseDescription, ResponseExamples {
  readonly status: NonNullable<ResponseDescription['status']>;
}

const FORMS = {
  json: {
    model: APIError,
    mediaType: 'application/json',
    example: (status: number, phrase: string) => ({
      detail: phrase,
      error: null,
      status_code: status,
    }),
  },
  problem: {
    model: Problem,
    mediaType: 'application/problem+json',
    example: (status: number, phrase: string) => ({ type: 'about:blank', title: phrase, status }),
  },
} as const;

/** The key for the contents of an entry, by form. Set if the module's option `errors` decides the form. */
const ERROR_CONTENTS = Symbol.for('nestjs-responses:error-contents');

type ErrorContents = Readonly<Record<ErrorForm, object>>;
type ErrorEntry = ResponseEntry & { readonly [ERROR_CONTENTS]?: () => ErrorContents };

/**
 * Documents an error.
 *
 * @param form undefined if the module's option `errors` decides it
 * @param type the type of the problem; undefined for any
 */
export function documentError(
  { status, description = STATUS_CODES[status], examples, example, ...options }: ErrorDescription,
  form: ErrorForm | undefined,
  type?: string,
): MethodDecorator & ClassDecorator {
  const contentOf = (of: ErrorForm) => {
    const { model, mediaType, example: exampleOf } = FORMS[of];
    const phrase = STATUS_CODES[status];
    const own =
      example ??
      (phrase && !examples
        ? { ...exampleOf(Number(status), phrase), ...(type !== undefined && { type }) }
        : undefined);
    return {
      [mediaType]: {
        schema: schemaOfType(getSchemaPath(model), type),
        ...(own !== undefined && { example: own }),
        ...(examples && { examples: { ...examples } }),
      },
    };
  };
  const response = {
    ...options,
    ...documentedOnly(),
    ...(!form && {
      [ERROR_CONTENTS]: (): ErrorContents => ({
        json: contentOf('json'),
        problem: contentOf('problem'),
      }),
    }),
    status,
    description: description ?? 'An error.',
    content: contentOf(form ?? 'json'),
  };
  return applyDecorators(ApiExtraModels(FORMS[form ?? 'json'].model), ApiResponse(response));
}

function schemaOfType($ref: string, type: string | undefined): object {
  return type === undefined
    ? { $ref }
    : {
        allOf: [
          { $ref },
          { type: 'object', properties: { type: { type: 'string', enum: [type] } } },
        ],
      };
}

/** Documents errors on all controllers in the form that the application uses. */
export function documentErrors(modules: ModulesContainer, form: ErrorForm): void {
  const scanner = new MetadataScanner();
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  for (const { metatype } of controllers) {
    if (typeof metatype !== 'function') {
      continue;
    }
    const prototype = metatype.prototype as Record<string, unknown>;
    const methods = scanner.getAllMethodNames(prototype).map((name) => prototype[name] as object);
    for (const target of [metatype, ...methods]) {
      documentTarget(target, form);
    }
  }
}

function documentTarget(target: object, form: ErrorForm): void {
  const entries = Object.entries(responseEntries(target)) as [string, ErrorEntry][];
  const own = entries.filter(([, entry]) => entry[ERROR_CONTENTS]);
  if (own.length === 0) {
    return;
  }
  const changed = own.map(([status, entry]) => [
    status,
    { ...entry, content: entry[ERROR_CONTENTS]?.()[form] },
  ]);
  Reflect.defineMetadata(
    DECORATORS.API_RESPONSE,
    { ...Object.fromEntries(entries), ...Object.fromEntries(changed) },
    target,
  );
  const models = (Reflect.getMetadata(DECORATORS.API_EXTRA_MODELS, target) ?? []) as Type[];
  const isProblemOnly = form === 'problem';
  Reflect.defineMetadata(
    DECORATORS.API_EXTRA_MODELS,
    [
      ...new Set([
        ...models.filter((model) => !(isProblemOnly && model === APIError)),
        FORMS[form].model,
      ]),
    ],
    target,
  );
}
