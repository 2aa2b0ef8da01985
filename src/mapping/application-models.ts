import type { Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { DECORATORS } from '@nestjs/swagger';
import { responseEntries } from '../decorators/declaration.js';
import { declarationOf } from '../schemas/declaration.js';
import type { FindComponent, OpenAPISchema } from '../schemas/json-schema/openapi-schema.js';
import { PARAMTYPES_METADATA } from './nest-metadata.js';

/**
 * Returns a lookup of the component schemas in the document of an application: the classes that its routes take, return
 * or name in `@ApiExtraModels()`. They are collected on the first call. Most applications never make one.
 */
export function applicationModels(modules: ModulesContainer): FindComponent {
  let components: ReadonlyMap<string, OpenAPISchema> | undefined;
  return (name) => {
    components ??= new Map([...modelsOf(modules)].flatMap(componentsOf));
    return components.get(name);
  };
}

function modelsOf(modules: ModulesContainer): Set<Type> {
  const models = new Set<unknown>();
  const scanner = new MetadataScanner();
  const add = (types: unknown): void => {
    [types].flat(Infinity).forEach((type) => models.add(type));
  };
  for (const { controllers } of modules.values()) {
    for (const { metatype } of controllers.values()) {
      const { prototype } = metatype as Type<object>;
      const handlers = scanner
        .getAllMethodNames(prototype)
        .map((name) => [name, Reflect.get(prototype, name) as object] as const);
      for (const [name, target] of [[undefined, metatype as object] as const, ...handlers]) {
        add(Reflect.getMetadata(DECORATORS.API_EXTRA_MODELS, target) ?? []);
        add(Object.values(responseEntries(target)).map(({ type }) => type));
        const parameters = (Reflect.getMetadata(DECORATORS.API_PARAMETERS, target) ?? []) as {
          type?: unknown;
        }[];
        add(parameters.map(({ type }) => type));
        if (name !== undefined) {
          add(Reflect.getMetadata(PARAMTYPES_METADATA, prototype, name) ?? []);
        }
      }
    }
  }
  return new Set([...models].filter((type): type is Type => typeof type === 'function'));
}

function componentsOf(model: Type): [string, OpenAPISchema][] {
  try {
    return Object.entries(declarationOf(model).components);
  } catch {
    // A class that swagger cannot describe fails where it is declared. Nothing can refer to it.
    return [];
  }
}
