import { workingCopy } from './working-copy.js';

type Path = readonly PropertyKey[];

/**
 * Replaces objects in `value` with their JSON form if they have a `toJSON()` and are on one of `paths`, or anywhere
 * below its end. Returns the same `value` if there are none. Never changes `value` itself.
 */
export function withJSONForms(
  value: unknown,
  paths: readonly Path[],
  within = new Set<object>(),
): unknown {
  if (typeof value !== 'object' || value === null || paths.length === 0 || within.has(value)) {
    return value;
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const text: string | undefined = JSON.stringify(value);
    return text === undefined ? undefined : JSON.parse(text);
  }
  const inner = new Set([...within, value]);
  const changes: [PropertyKey, unknown][] = [];
  for (const [name, rest] of nextSteps(value, paths)) {
    const property: unknown = Reflect.get(value, name);
    const form = withJSONForms(property, rest, inner);
    if (form !== property) {
      changes.push([name, form]);
    }
  }
  return changes.length === 0 ? value : withChanges(value, changes);
}

/** Returns the next names of `paths`, each with the rest of its paths. Returns every name if a path ends here. */
function nextSteps(value: object, paths: readonly Path[]): Map<PropertyKey, Path[]> {
  const steps = new Map<PropertyKey, Path[]>();
  if (paths.some(({ length }) => length === 0)) {
    Object.keys(value).forEach((name) => steps.set(name, [[]]));
    return steps;
  }
  for (const [name = '', ...rest] of paths) {
    steps.set(name, [...(steps.get(name) ?? []), rest]);
  }
  return steps;
}

function withChanges(value: object, changes: readonly [PropertyKey, unknown][]): unknown {
  const copy = workingCopy(value);
  if (typeof copy === 'object' && copy !== null) {
    for (const [name, form] of changes) {
      Object.defineProperty(copy, name, {
        value: form,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }
  return copy;
}
