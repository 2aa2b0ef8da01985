import { z } from 'zod';

/** A part of a message. The models of this sample ignore parts that are not text, e.g. `step-start`. */
const part = z.looseObject({ type: z.string(), text: z.string().optional() });

export const uiChatRequest = z
  .object({
    id: z.string().min(1).describe('Identifies the chat when a client resumes its answer.'),
    model: z.string().default('parrot'),
    messages: z
      .array(z.looseObject({ role: z.enum(['system', 'user', 'assistant']), parts: z.array(part) }))
      .min(1, 'expected at least one message'),
  })
  .meta({ id: 'UIChatRequest' });

const id = z.string();

/** The chunks of the UI message stream protocol that this sample sends. AI SDK clients read them. */
export const uiMessageChunk = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('start'), messageId: z.string() }),
    z.object({ type: z.literal('text-start'), id }),
    z.object({ type: z.literal('text-delta'), id, delta: z.string() }),
    z.object({ type: z.literal('text-end'), id }),
    z.object({ type: z.literal('finish') }),
  ])
  .meta({ id: 'UIMessageChunk' });

export type UIChatRequest = z.infer<typeof uiChatRequest>;
export type UIMessageChunk = z.infer<typeof uiMessageChunk>;
