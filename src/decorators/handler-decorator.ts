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
export type StatusHandlerDecorator<TResult> = HandlerDecorator<TResult> &
  PartDecorator<TResult, unknown>;

/**
 * A method decorator for the route's own status. Fits a handler if one of its return types is `TResult`, and if the
 * others are of another form, which a decorator with a status can declare.
 *
 * TypeScript checks each decorator of a handler alone. It cannot tell if another one declares the rest.
 *
 * @typeParam TOther the other forms: a part that is not of these must be `TResult`
 * @typeParam TOwn the forms that must be `TResult` although they are also of `TOther`
 *
 * @publicApi
 */
export type OwnStatusHandlerDecorator<TResult, TOther, TOwn = never> = HandlerDecorator<TResult> &
  PartDecorator<TResult, TOther, TOwn>;

/** The decorator for the status that the options name, or for the route's own. */
export type DeclaredHandlerDecorator<TOptions, TResult, TOther, TOwn = never> = TOptions extends {
  readonly status: unknown;
}
  ? StatusHandlerDecorator<TResult>
  : OwnStatusHandlerDecorator<TResult, TOther, TOwn>;

/** The decorator of a stream of items. An array is a source of items too. */
export type StreamHandlerDecorator<TOptions, TItem> = DeclaredHandlerDecorator<
  TOptions,
  StreamContent<TItem> | Response,
  object | string,
  Source | readonly unknown[]
>;

/** The return types that can only be a source of items. */
export type Source = Observable<unknown> | AsyncIterable<unknown> | Generator;

type PartDecorator<TResult, TOther, TOwn = never> = <
  THandler extends (...args: never[]) => unknown,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<THandler> &
    (FitsInPart<Awaited<ReturnType<THandler>>, TResult, TOther, TOwn> extends true
      ? unknown
      : TypedPropertyDescriptor<(...args: never[]) => TResult | Promise<TResult>>),
) => void;

/** True if one of the parts of `TReturned` fits `TResult`, and no part is a mismatch. */
type FitsInPart<TReturned, TResult, TOther, TOwn> =
  true extends PartFits<TReturned, TResult>
    ? [Mismatch<TReturned, TResult, TOther, TOwn>] extends [never]
      ? true
      : false
    : false;

type PartFits<TPart, TResult> = TPart extends TResult
  ? true
  : TPart extends Observable<infer TValue>
    ? ValueFits<TValue, TResult>
    : false;

type ValueFits<TValue, TResult> = TValue extends TResult ? true : false;

/** The parts that neither fit `TResult` nor are of another form. */
type Mismatch<TPart, TResult, TOther, TOwn> = TPart extends TResult
  ? never
  : TPart extends TOwn
    ? TPart
    : TPart extends TOther
      ? TPart extends Observable<infer TValue>
        ? ValueMismatch<TValue, TResult, TOther>
        : never
      : TPart;

/** The mismatches among the values of an Observable, if it emits any that fit. */
type ValueMismatch<TValue, TResult, TOther> =
  true extends ValueFits<TValue, TResult>
    ? TValue extends TResult | TOther
      ? never
      : TValue
    : never;

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
