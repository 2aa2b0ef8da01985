import { z } from 'zod';
import { BREEDS } from './dog.js';

/** The properties of a dog for zod. */
export const DOG_SCHEMA = z.object({
  id: z.number(),
  name: z.string(),
  breed: z.enum(BREEDS),
  weight: z.number(),
  good: z.boolean(),
  nickname: z.string().nullable(),
  born: z.date(),
  tricks: z.array(z.string()),
  owner: z.object({ id: z.number(), name: z.string() }),
});
