import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

const ajv = new Ajv2020();
addFormats.default(ajv);
const schema = readFileSync(new URL('problem-schema.json', import.meta.url), 'utf8');
const validate = ajv.compile(JSON.parse(schema) as object);

/** Fails unless the value matches the JSON Schema of problems. Source: RFC 9457, appendix A. */
export function expectProblem(value: unknown): void {
  validate(value);
  expect(validate.errors).toBeNull();
}
