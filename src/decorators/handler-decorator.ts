import type { Type } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { StreamContent } from '../../libs/streams/index.js';
import type { Response } from '../responses/response.js';
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

/**
 * A method decorator for one of several statuses. Fits a handler if one of its return types is `TResult`. Declare the
 * others for other statuses.
 *
 * @publicApi
 */
export type StatusHandlerDecorator<TResult> = HandlerDecorator<TResult> & PartDecorator<TResult>;

/** The decorator for the status that the options name, or for the only one. */
export type DeclaredHandlerDecorator<TOptions, TResult> = TOptions extends {
  readonly status: unknown;
}
  ? StatusHandlerDecorator<TResult>
  : HandlerDecorator<TResult>;

/** The decorator of a stream of items. */
export type StreamHandlerDecorator<TOptions, TItem> = DeclaredHandlerDecorator<
  TOptions,
  StreamContent<TItem> | Response
>;

type PartDecorator<TResult> = <THandler extends (...args: never[]) => unknown>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<THandler> &
    (HasPart<THandler, TResult> extends true
      ? unknown
      : TypedPropertyDescriptor<(...args: never[]) => TResult | Promise<TResult>>),
) => void;

/** True if one of the return types of a handler fits `TResult`. */
type HasPart<THandler extends (...args: never[]) => unknown, TResult> =
  true extends PartFits<Awaited<ReturnType<THandler>>, TResult> ? true : false;

type PartFits<TPart, TResult> = TPart extends TResult
  ? true
  : TPart extends Observable<infer TValue>
    ? ValueFits<TValue, TResult>
    : false;

type ValueFits<TValue, TResult> = TValue extends TResult ? true : false;

/** The type of the values of a declared class, or array of a class. */
export type InstanceOf<TType> = TType extends readonly [infer TItem]
  ? readonly InstanceOf<TItem>[]
  : TType extends StringConstructor
    ? string
    : TType extends NumberConstructor
      ? number
      : TType extends BooleanConstructor
        ? boolean
        : TType extends Type<infer TInstance>
          ? DataOfClass<TInstance>
          : unknown;

/** The properties of a class without its methods, because a plain object with them is sent like an instance. */
type DataOfClass<TValue> = TValue extends Scalar
  ? TValue
  : TValue extends readonly (infer TItem)[]
    ? readonly DataOfClass<TItem>[]
    : TValue extends object
      ? {
          [TName in keyof TValue as TValue[TName] extends Callable ? never : TName]: DataOfClass<
            TValue[TName]
          >;
        }
      : TValue;

type Callable = (...args: never[]) => unknown;

type Scalar =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>;

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

type ArrayOf<TValue, TOptions> = TOptions extends { readonly isArray: true }
  ? readonly TValue[]
  : TValue;

type NullOf<TOptions> = TOptions extends { readonly nullable: true } ? null : never;
