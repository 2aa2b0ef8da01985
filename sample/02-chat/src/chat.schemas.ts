import { z } from 'zod';

/** The members of a request that this sample reads. Other members are ignored. */
const textPart = z.object({ type: z.literal('text'), text: z.string() });

const message = z
  .object({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
    content: z.union([z.string(), z.array(textPart)], {
      error: 'expected a string or an array of text parts',
    }),
  })
  .meta({ id: 'ChatMessage' });

export const chatRequest = z
  .object({
    model: z.string(),
    messages: z.array(message).min(1, 'expected at least one message'),
    stream: z.boolean().nullish().describe('True for an answer as a stream of events.'),
    stream_options: z
      .object({
        include_usage: z.boolean().nullish().describe('True for a last chunk with the usage.'),
      })
      .nullish(),
  })
  .meta({ id: 'ChatRequest' });

const usage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
});

/** Always null here, like the refusal of a model. Clients expect both. */
const logprobs = z.object({}).nullable();

const finishReason = z.literal('stop');

export const chatCompletion = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int().describe('Seconds since 1970.'),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({
          role: z.literal('assistant'),
          content: z.string(),
          refusal: z.string().nullable(),
        }),
        logprobs,
        finish_reason: finishReason,
      }),
    ),
    usage,
  })
  .meta({ id: 'ChatCompletion' });

export const chatCompletionChunk = z
  .object({
    id: z.string().describe('The same in all chunks of an answer.'),
    object: z.literal('chat.completion.chunk'),
    created: z.int().describe('Seconds since 1970, the same in all chunks of an answer.'),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        delta: z.object({
          role: z.literal('assistant').optional(),
          content: z.string().optional(),
        }),
        logprobs,
        finish_reason: finishReason.nullable(),
      }),
    ),
    usage: usage.nullable().optional(),
  })
  .meta({ id: 'ChatCompletionChunk' });

export const model = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.string(),
  })
  .meta({ id: 'Model' });

export const modelList = z
  .object({ object: z.literal('list'), data: z.array(model) })
  .meta({ id: 'ModelList' });

export const errorBody = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable().describe('The path of the invalid part of the request.'),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'Error' });

export type ChatRequest = z.infer<typeof chatRequest>;
export type ChatMessage = z.infer<typeof message>;
export type ChatCompletion = z.infer<typeof chatCompletion>;
export type ChatCompletionChunk = z.infer<typeof chatCompletionChunk>;
export type Usage = z.infer<typeof usage>;
export type ModelEntry = z.infer<typeof model>;
export type ErrorBody = z.infer<typeof errorBody>;
