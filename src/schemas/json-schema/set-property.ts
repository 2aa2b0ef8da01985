/** Sets a property of any name, even `__proto__`, where an assignment would change the prototype. */
export function setProperty(object: object, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    Reflect.set(object, name, value);
  }
}
