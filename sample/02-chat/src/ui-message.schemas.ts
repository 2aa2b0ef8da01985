import { z } from 'zod';

/** A part of a message. Those that are not text, e.g. `step-start`, say nothing to the models of this sample. */
const part = z.looseObject({ type: z.string(), text: z.string().optional() });

export const uiChatRequest = z
  .object({
    id: z.string().min(1).describe('The chat, by which its answer is found again.'),
    model: z.string().default('parrot'),
    messages: z
      .array(z.looseObject({ role: z.enum(['system', 'user', 'assistant']), parts: z.array(part) }))
      .min(1, 'expected at least one message'),
  })
  .meta({ id: 'UIChatRequest' });

const id = z.string();

/** The chunks that this sample sends of the UI message stream protocol, which clients of the AI SDK read. */
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
