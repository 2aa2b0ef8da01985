import type { Type } from '@nestjs/common';
import type { DeclaredType, StandardSchema } from './declaration.js';

/**
 * A method decorator that only fits a handler returning `TResult`, or a promise of it.
 *
 * @publicApi
 */
export type HandlerDecorator<TResult> = <
  THandler extends (...args: never[]) => TResult | Promise<TResult>,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<THandler>,
) => void;

/** The declared type of a value or an item. At most one of `type`, `schema` and `standardSchema`. */
export interface ItemDeclaration {
  /** A DTO class, `String`, `Number`, `Boolean` or `Date`, or an array of one of these, e.g. `[Puppy]`. */
  readonly type?: DeclaredType;
  /** True if the value is an array of `type`. @default false */
  readonly isArray?: boolean;
  /** True if the value may also be null. @default false */
  readonly nullable?: boolean;
  /** An OpenAPI Schema Object. */
  readonly schema?: object;
  /** A schema of zod, valibot, ArkType or another library that implements Standard Schema. */
  readonly standardSchema?: StandardSchema;
}

/** The type of the values of a declared class, or array of a class. */
export type InstanceOf<TType> = TType extends readonly [infer TItem]
  ? InstanceOf<TItem>[]
  : TType extends StringConstructor
    ? string
    : TType extends NumberConstructor
      ? number
      : TType extends BooleanConstructor
        ? boolean
        : TType extends Type<infer TInstance>
          ? TInstance
          : unknown;

/** The type of the values that a handler must return. Unknown if nothing is declared. */
export type DeclaredValue<TOptions> = TOptions extends { readonly type: infer TType }
  ? ArrayOf<InstanceOf<TType>, TOptions> | NullOf<TOptions>
  : TOptions extends { readonly standardSchema: infer TSchema }
    ? InputOf<TSchema>
    : unknown;

/** The type of the declared data of an event. */
export type DataOf<TData> = TData extends { readonly '~standard': unknown }
  ? InputOf<TData>
  : InstanceOf<TData>;

/** The input type of a Standard Schema. Unknown if it has none. */
type InputOf<TSchema> = TSchema extends {
  readonly '~standard': { readonly types?: infer TTypes };
}
  ? NonNullable<TTypes> extends { readonly input: infer TInput }
    ? TInput
    : unknown
  : unknown;

type ArrayOf<TValue, TOptions> = TOptions extends { readonly isArray: true } ? TValue[] : TValue;

type NullOf<TOptions> = TOptions extends { readonly nullable: true } ? null : never;
