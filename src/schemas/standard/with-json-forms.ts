import { workingCopy } from './working-copy.js';

type Path = readonly PropertyKey[];

/**
 * `value` with the JSON form of every object that has a `toJSON()` and that `paths` pass or lead to, or that lies
 * anywhere in what they lead to. The same `value` where there is none; never changed itself.
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

/** The names that `paths` go on with, each with what is left of them; where one ends here, every name. */
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
