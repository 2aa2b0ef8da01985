export { type ByteRange, rangeLength } from './byte-range.js';
export { parseEntityTags } from './entity-tag.js';
export { type FileVersion, lastModified, strongETag } from './file-validators.js';
export type { BodySegment } from './multipart-byteranges.js';
export {
  type FileRequest,
  type PlannedHeaders,
  type PlanOptions,
  planResponse,
  type ResponsePlan,
} from './plan-response.js';
export type { Representation, Validators } from './representation.js';
export { evaluatePreconditions, type PreconditionOutcome } from './preconditions.js';
