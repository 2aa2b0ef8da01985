/**
 * A copy of `value` that whoever gets it may change: of its arrays and objects, whose class is kept, at any depth. What
 * is more than its properties (a `Date`, a `Map`) is not copied. Getters of a class are read from the original, so that
 * they find its private fields.
 */
export function workingCopy(value: unknown, copies = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null || !(Array.isArray(value) || isOrdinary(value))) {
    return value;
  }
  const known = copies.get(value);
  if (known !== undefined) {
    return known;
  }
  const copy: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  copies.set(value, copy);
  for (const name of Object.keys(value)) {
    define(copy, name, {
      value: workingCopy(Reflect.get(value, name), copies),
      writable: true,
      enumerable: true,
    });
  }
  for (const name of inheritedGetters(value)) {
    define(copy, name, { get: () => Reflect.get(value, name), enumerable: false });
  }
  return copy;
}

function define(object: object, name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(object, name, { ...descriptor, configurable: true });
}

function isOrdinary(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function inheritedGetters(value: object): string[] {
  const names: string[] = [];
  let owner: unknown = Object.getPrototypeOf(value);
  while (
    typeof owner === 'object' &&
    owner !== null &&
    owner !== Object.prototype &&
    owner !== Array.prototype
  ) {
    const descriptors = Object.getOwnPropertyDescriptors(owner);
    names.push(...Object.keys(descriptors).filter((name) => descriptors[name]?.get !== undefined));
    owner = Object.getPrototypeOf(owner);
  }
  return names.filter((name) => !Object.hasOwn(value, name));
}
