import { REPRESENTATIONS } from './representations.controller.js';

/** The routes on the start page, with the `Accept` header that a button sends. */
export const routes = [
  { path: '/json/', sends: 'JSONResponse' },
  { path: '/text/', sends: 'PlainTextResponse' },
  { path: '/html/', sends: 'HTMLResponse' },
  { path: '/page/', sends: 'HTMLTemplateResponse' },
  { path: '/old/', sends: 'RedirectResponse to /new/' },
  { path: '/empty/', sends: 'EmptyResponse' },
  { path: '/media/', sends: 'FileResponse, a page that plays one' },
  { path: '/download/', sends: 'FileResponse, to be saved' },
  { path: '/puppy/', sends: 'APIResponse, by its schema' },
  { path: '/puppies/', sends: 'the same, plain values' },
  ...REPRESENTATIONS.map(({ mediaType, name }) => ({
    path: '/kennel/',
    sends: `as ${name}`,
    accept: mediaType,
  })),
  { path: '/fail/', sends: 'APIErrorResponse' },
  { path: '/problem/', sends: 'ProblemResponse' },
  { path: '/rpc/', sends: 'JSONRPCResponse' },
  { path: '/rpc/unknown/', sends: 'JSONRPCErrorResponse' },
  { path: '/ndjson/', sends: 'NDJSONResponse, 50 lines' },
  { path: '/ndjson/observable/', sends: 'the same, a plain Observable' },
  { path: '/sse/', sends: 'ServerSentEventResponse, with heartbeats' },
  { path: '/sse/observable/', sends: 'the same, a plain Observable' },
  { path: '/sse/resume/', sends: 'resumes after Last-Event-ID' },
  { path: '/sse/resume/observable/', sends: 'the same, a plain Observable' },
  { path: '/schema/', sends: 'OpenAPIResponse, shown at /docs/' },
];
