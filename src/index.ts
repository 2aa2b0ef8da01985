/**
 * Responses, the module that sends them, and the decorators that declare them.
 *
 * @module nestjs-responses
 */
export { ServerSentEvent } from '../libs/event-stream/index.js';
export type { MessageEventLike, ServerSentEventInit } from '../libs/event-stream/index.js';
export {
  ChannelEndedError,
  EventLogUnavailableError,
  MemoryEventLog,
} from '../libs/event-log/index.js';
export type { EventLog, LogEntry, LogPage, LogRecord, Retention } from '../libs/event-log/index.js';
export type { Heartbeat, StreamContent } from '../libs/streams/index.js';
export {
  TemplateNotFoundError,
  TemplateRenderError,
  TemplateSyntaxError,
} from '../libs/templates/index.js';
export type {
  TemplateEngineOptions,
  TemplateHelper,
  TemplatePosition,
  TemplateSource,
} from '../libs/templates/index.js';
export type { ChannelEventInit, ChannelGap } from './channels/channel-event.js';
export { EventChannels } from './channels/event-channels.js';
export type { ChannelResponseOptions, FollowOptions } from './channels/event-channels.js';
export { EventChannelsModule } from './channels/event-channels.module.js';
export type { EventChannelsModuleOptions } from './channels/event-channels.module-options.js';
export { ResponseValidation } from './decorators/response-validation.decorator.js';
export { ApiFileResponse } from './decorators/api-file-response.decorator.js';
export type { ApiFileResponseOptions } from './decorators/api-file-response.decorator.js';
export { ApiErrorResponse } from './decorators/api-error-response.decorator.js';
export type { ApiErrorResponseOptions } from './decorators/api-error-response.decorator.js';
export { ApiHTMLResponse } from './decorators/api-html-response.decorator.js';
export type { ApiHTMLResponseOptions } from './decorators/api-html-response.decorator.js';
export { ApiJSONResponse } from './decorators/api-json-response.decorator.js';
export type { ApiJSONResponseOptions } from './decorators/api-json-response.decorator.js';
export { ApiJSONRPCResponse } from './decorators/api-json-rpc-response.decorator.js';
export type { ApiJSONRPCResponseOptions } from './decorators/api-json-rpc-response.decorator.js';
export { ApiNDJSONResponse } from './decorators/api-ndjson-response.decorator.js';
export type { ApiNDJSONResponseOptions } from './decorators/api-ndjson-response.decorator.js';
export { ApiNegotiatedResponse } from './decorators/api-negotiated-response.decorator.js';
export type { ApiNegotiatedResponseOptions } from './decorators/api-negotiated-response.decorator.js';
export { ApiProblemResponse } from './decorators/api-problem-response.decorator.js';
export type { ApiProblemResponseOptions } from './decorators/api-problem-response.decorator.js';
export { ApiPlainTextResponse } from './decorators/api-plain-text-response.decorator.js';
export type { ApiPlainTextResponseOptions } from './decorators/api-plain-text-response.decorator.js';
export { ApiRedirectResponse } from './decorators/api-redirect-response.decorator.js';
export type { ApiRedirectResponseOptions } from './decorators/api-redirect-response.decorator.js';
export { ApiServerSentEventResponse } from './decorators/api-server-sent-event-response.decorator.js';
export type { ApiServerSentEventResponseOptions } from './decorators/api-server-sent-event-response.decorator.js';
export { ApiStreamResponse } from './decorators/api-stream-response.decorator.js';
export type { ApiStreamResponseOptions } from './decorators/api-stream-response.decorator.js';
export { OpenStreams } from './delivery/open-streams.js';
export { DisconnectSignal } from './decorators/disconnect-signal.decorator.js';
export type { HandlerDecorator, StatusHandlerDecorator } from './decorators/handler-decorator.js';
export type { HandlerParameter } from './decorators/handler-parameter.js';
export { LastEventId } from './decorators/last-event-id.decorator.js';
export { APIErrorFilter } from './filters/api-error.filter.js';
export { ProblemFilter } from './filters/problem.filter.js';
export { describeStreams } from './openapi/describe-streams.js';
export type {
  ConvertedSchema,
  DocumentOptions,
  StandardSchemaConverter,
} from './openapi/document-options.js';
export { setupOpenAPI } from './openapi/setup-openapi.js';
export type { OpenAPISetup } from './openapi/setup-openapi.js';
export { ResponsesModule } from './responses.module.js';
export type { ResponsesModuleOptions } from './responses.module-options.js';
export { APIErrorResponse } from './responses/buffered/api-error-response.js';
export type { ErrorBody } from './responses/error-body.js';
export type { APIErrorResponseInit } from './responses/buffered/api-error-response.js';
export { APIResponse } from './responses/buffered/api-response.js';
export type { APIResponseOptions } from './responses/buffered/api-response.js';
export { BufferedResponse } from './responses/buffered/buffered-response.js';
export type { RenderedBody } from './responses/buffered/buffered-response.js';
export { EmptyResponse } from './responses/buffered/empty-response.js';
export { HTMLResponse } from './responses/buffered/html-response.js';
export { HTMLTemplateResponse } from './responses/buffered/html-template-response.js';
export type { HTMLTemplateResponseOptions } from './responses/buffered/html-template-response.js';
export { JSONResponse } from './responses/buffered/json-response.js';
export { JSONRPCErrorResponse } from './responses/buffered/json-rpc-error-response.js';
export type {
  JSONRPCError,
  JSONRPCErrorResponseInit,
} from './responses/buffered/json-rpc-error-response.js';
export { JSONRPCResponse } from './responses/buffered/json-rpc-response.js';
export type { JSONRPCId, JSONRPCResponseInit } from './responses/buffered/json-rpc-response.js';
export { OpenAPIResponse } from './responses/buffered/openapi-response.js';
export { PlainTextResponse } from './responses/buffered/plain-text-response.js';
export { ProblemResponse } from './responses/buffered/problem-response.js';
export type { ProblemBody, ProblemInit } from './responses/problem.js';
export { RedirectResponse } from './responses/buffered/redirect-response.js';
export type { CookieOptions } from './responses/cookie.js';
export type { ContentDispositionType } from './responses/file/content-disposition.js';
export { FileResponse } from './responses/file/file-response.js';
export type { FileResponseOptions } from './responses/file/file-response.js';
export type { ContentCoding } from './responses/file/content-coding.js';
export type { BlobLike, FileSlice, FileSource, FileStream } from './responses/file/file-source.js';
export type {
  DescribedItems,
  ItemsDescription,
  RepresentationOptions,
  ResponseClass,
} from './responses/representation.js';
export { Response } from './responses/response.js';
export type { BackgroundTask, SentResponse, ResponseOptions } from './responses/response.js';
export type { DeliveryServices, RunServices } from './responses/services.js';
export { SerializationException } from './schemas/serialization.exception.js';
export type { SchemaSource } from './schemas/compile-schema.js';
export type { Violation } from './schemas/violation.js';
export type { Validation } from './responses/declared-serializer.js';
export type { Stringify } from './responses/json.js';
export { JSONArrayResponse } from './responses/streaming/json-array-response.js';
export type { JSONArrayResponseOptions } from './responses/streaming/json-array-response.js';
export { NDJSONResponse } from './responses/streaming/ndjson-response.js';
export type { NDJSONResponseOptions } from './responses/streaming/ndjson-response.js';
export { ServerSentEventResponse } from './responses/streaming/server-sent-event-response.js';
export type { ServerSentEventResponseOptions } from './responses/streaming/server-sent-event-response.js';
export { StreamingResponse } from './responses/streaming/streaming-response.js';
export type { StreamFrame } from './responses/streaming/streaming-response.js';
export type {
  ClosedStreamReport,
  StreamCloseReason,
  StreamReport,
} from './responses/streaming/stream-observation.js';
