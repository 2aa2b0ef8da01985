import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** A class, and an object that matches it. */
export interface DTO {
  readonly type: Type<object>;
  readonly value: object;
}

/** A class with `size` properties, half of them text and half of them numbers. */
export function wideDTO(size: number): DTO {
  const type = class WideDTO {};
  const value = new type();
  for (let i = 0; i < size; i++) {
    declare(type, value, `property${i}`, i % 2 === 0 ? String : Number, i % 2 === 0 ? 'text' : i);
  }
  return { type, value };
}

/** A class with an object, which has another, down to `size` classes. Each one has a number as well. */
export function deepDTO(size: number): DTO {
  let inner: DTO | undefined;
  for (let depth = size; depth > 0; depth--) {
    const name = `DeepDTO${depth}`;
    const type = { [name]: class {} }[name] as Type<object>;
    const value = new type();
    declare(type, value, 'depth', Number, depth);
    if (inner) {
      declare(type, value, 'inner', inner.type, inner.value);
    }
    inner = { type, value };
  }
  return inner ?? wideDTO(0);
}

function declare(
  type: Type,
  owner: object,
  name: string,
  of: Type | typeof String,
  value: unknown,
): void {
  ApiProperty({ type: of })(type.prototype as object, name);
  Object.assign(owner, { [name]: value });
}
