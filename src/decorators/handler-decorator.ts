import type { Type } from '@nestjs/common';
import type { ApiResponseOptions } from '@nestjs/swagger';
import type { DeclaredType } from './declaration.js';

type StandardSchema = NonNullable<
  Extract<ApiResponseOptions, { standardSchema?: unknown }>['standardSchema']
>;

/** A method decorator that only fits a handler returning `TResult`, or a promise of it. */
export type HandlerDecorator<TResult> = <
  THandler extends (...args: never[]) => TResult | Promise<TResult>,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<THandler>,
) => void;

/** What a decorator declares an item, or a value, to be. */
export interface ItemDeclaration {
  readonly type?: DeclaredType;
  readonly schema?: object;
  readonly standardSchema?: StandardSchema;
}

/** The type of the values that a declared class, or array of a class, stands for. */
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

/** The type of the values that a declaration asks a handler for; unknown where it does not say. */
export type DeclaredValue<TOptions> = TOptions extends { readonly type: infer TType }
  ? InstanceOf<TType>
  : TOptions extends {
        readonly standardSchema: { readonly '~standard': { readonly types?: infer TTypes } };
      }
    ? NonNullable<TTypes> extends { readonly input: infer TInput }
      ? TInput
      : unknown
    : unknown;
