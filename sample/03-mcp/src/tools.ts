import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { explain } from './message.js';

/** The result of a tool. Source: MCP, "Tool Result". */
export interface ToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: object;
  /** True if the tool failed. The client passes this to its model, which can then try again. */
  readonly isError?: boolean;
}

/** The functions that a tool can use while it runs. */
export interface ToolContext {
  /** Aborts when the client cancels the call or the session ends. */
  readonly signal: AbortSignal;
  /** Reports the progress to the client. */
  readonly progress: (done: number, total: number) => Promise<void>;
  /** Adds a tool to the client's session, or explains why that is not possible. */
  readonly learn: (tool: Tool) => Promise<string | undefined>;
}

/** A tool: its description and its implementation. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly outputSchema?: object;
  /** True for a long-running tool, which is answered by an event stream. */
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

/** The time between two numbers of `count`, in milliseconds. */
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
      // JSON would write infinity as null, which the output schema does not allow.
      return Number.isFinite(sum)
        ? { ...say(String(sum)), structuredContent: { sum } }
        : fail('The sum is too large.');
    },
  }),
  defineTool({
    name: 'count',
    description: 'Counts slowly up to a number and reports its progress.',
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
    description: 'Teaches the server a trick, which becomes a tool of this session.',
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
      // Not a protocol error, because the client's model would not see it.
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
