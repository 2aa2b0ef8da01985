import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { explain } from './message.js';

/** What a tool comes to. Source: MCP, "Tool Result". */
export interface ToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: object;
  /** Whether the tool failed, which the model of the client is told so that it can do better. */
  readonly isError?: boolean;
}

/** What a tool may do while it runs. */
export interface ToolContext {
  /** Aborts when the client cancels the call, or its session is over. */
  readonly signal: AbortSignal;
  /** Tells the client how far it is. */
  readonly progress: (done: number, total: number) => Promise<void>;
  /** Adds a tool to those of the client's session, or says why it cannot. */
  readonly learn: (tool: Tool) => Promise<string | undefined>;
}

/** A tool as it is listed, and what runs it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly outputSchema?: object;
  /** Whether it takes its time, so that its call is answered by an event stream. */
  readonly isSlow: boolean;
  readonly run: (input: unknown, context: ToolContext) => Promise<ToolResult>;
}

interface ToolDefinition<TInput extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly input: TInput;
  readonly output?: z.ZodObject;
  readonly isSlow?: boolean;
  readonly run: (input: z.infer<TInput>, context: ToolContext) => ToolResult | Promise<ToolResult>;
}

/** Milliseconds between two numbers of `count`. */
const PAUSE = 50;

/** The tools that every client has. */
export const tools: readonly Tool[] = [
  defineTool({
    name: 'add',
    description: 'Adds two numbers.',
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.object({ sum: z.number() }),
    run: ({ a, b }) => {
      const sum = a + b;
      // JSON has no infinity, and would make it null, which the output schema does not allow.
      return Number.isFinite(sum)
        ? { ...say(String(sum)), structuredContent: { sum } }
        : fail('The sum is too large.');
    },
  }),
  defineTool({
    name: 'count',
    description: 'Counts up to a number, slowly, and tells how far it is.',
    input: z.object({ to: z.int().min(1).max(100) }),
    isSlow: true,
    run: async ({ to }, { signal, progress }) => {
      for (let i = 1; i <= to; i++) {
        await setTimeout(PAUSE, undefined, { signal });
        await progress(i, to);
      }
      return say(`Counted to ${to}.`);
    },
  }),
  defineTool({
    name: 'teach',
    description: 'Teaches the server a trick, which is a tool of this session from then on.',
    input: z.object({
      name: z.string().regex(/^[a-z][a-z_-]{0,31}$/, 'expected up to 32 letters, "-" and "_"'),
      says: z.string().max(200),
    }),
    run: async ({ name, says }, { learn }) => {
      const problem = await learn(trick(name, says));
      return problem === undefined ? say(`Learned "${name}".`) : fail(problem);
    },
  }),
];

function trick(name: string, says: string): Tool {
  return defineTool({
    name,
    description: `Says "${says}".`,
    input: z.object({}),
    run: () => say(says),
  });
}

function defineTool<TInput extends z.ZodObject>({
  input,
  output,
  isSlow = false,
  run,
  ...definition
}: ToolDefinition<TInput>): Tool {
  return {
    ...definition,
    isSlow,
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
    ...(output && { outputSchema: z.toJSONSchema(output) }),
    run: async (given, context) => {
      const { data, error } = input.safeParse(given);
      // Not an error of the protocol, which the model of the client would not learn of.
      return error ? fail(`Invalid arguments. ${explain(error)}`) : run(data, context);
    },
  };
}

function say(text: string): ToolResult {
  return { content: [{ type: 'text', text }] };
}

function fail(text: string): ToolResult {
  return { ...say(text), isError: true };
}
