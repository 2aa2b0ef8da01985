import { InvalidRequestException } from './invalid-request.exception.js';

/** A stand-in for a language model. It answers by a fixed rule, always the same for the same words. */
export interface Model {
  readonly id: string;
  readonly rule: string;
  answer(prompt: string): string;
}

/** The maximum number that the counter reaches. */
const MAX_COUNT = 1000;

export const models: readonly Model[] = [
  {
    id: 'parrot',
    rule: 'says back what you say',
    answer: (prompt) => prompt,
  },
  {
    id: 'mirror',
    rule: 'says back what you say, the last word first',
    answer: (prompt) => prompt.trim().split(/\s+/u).toReversed().join(' '),
  },
  {
    id: 'counter',
    rule: `counts up to the first number in what you say, ${MAX_COUNT} at most`,
    answer: (prompt) => {
      const count = Math.min(Number(/\d+/.exec(prompt)?.[0] ?? 0), MAX_COUNT);
      return Array.from({ length: count }, (_, i) => i + 1).join(' ');
    },
  },
];

/** Throws an `InvalidRequestException` for an unknown model. */
export function findModel(id: string): Model {
  const model = models.find((one) => one.id === id);
  if (!model) {
    const known = models.map((one) => one.id).join(', ');
    throw new InvalidRequestException(`There is no model "${id}". There are: ${known}.`, {
      statusCode: 404,
      param: 'model',
      code: 'model_not_found',
    });
  }
  return model;
}
