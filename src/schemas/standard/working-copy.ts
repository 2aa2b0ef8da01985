/**
 * Returns a copy of `value` that its receiver may change. Copies arrays and objects at any depth, and keeps their
 * classes. Values that are more than their properties (a `Date`, a `Map`) are not copied. Properties that JSON would
 * not write, e.g. getters of a class, are read from the original on access, because getters need their private fields.
 */
export function workingCopy(value: unknown, copies = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null || !isOrdinary(value)) {
    return value;
  }
  const known = copies.get(value);
  if (known !== undefined) {
    return known;
  }
  const copy: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  copies.set(value, copy);
  for (const name of Object.keys(value)) {
    const property = workingCopy(Reflect.get(value, name), copies);
    define(copy, name, { value: property, writable: true, enumerable: true });
  }
  for (const name of Array.isArray(value) ? [] : hiddenNames(value)) {
    define(copy, name, { get: () => Reflect.get(value, name), enumerable: false });
  }
  return copy;
}

function isOrdinary(value: object): boolean {
  return Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
}

function define(object: object, name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(object, name, { ...descriptor, configurable: true });
}

/** Returns the names of own properties that are not enumerable, and of getters of the classes. */
function hiddenNames(value: object): string[] {
  const names = Object.getOwnPropertyNames(value);
  let owner: unknown = Object.getPrototypeOf(value);
  while (typeof owner === 'object' && owner !== null && owner !== Object.prototype) {
    const descriptors = Object.entries(Object.getOwnPropertyDescriptors(owner));
    names.push(...descriptors.filter(([, own]) => own.get !== undefined).map(([name]) => name));
    owner = Object.getPrototypeOf(owner);
  }
  return names.filter((name) => !Object.prototype.propertyIsEnumerable.call(value, name));
}
