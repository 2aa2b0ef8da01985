/**
 * A copy of `value` that whoever gets it may change: of its arrays and objects, whose class is kept, at any depth. What
 * is more than its properties (a `Date`, a `Map`) is not copied. What JSON would not write of an object, such as the
 * getters of its class, is read from the original when it is asked for: there, getters find their private fields.
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

/** The names of its own properties that are not enumerable, and of the getters of its classes. */
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
