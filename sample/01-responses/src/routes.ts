/** What the start page lists. */
export const routes = [
  { path: '/json/', sends: 'JSONResponse' },
  { path: '/text/', sends: 'PlainTextResponse' },
  { path: '/html/', sends: 'HTMLResponse' },
  { path: '/page/', sends: 'HTMLTemplateResponse' },
  { path: '/old/', sends: 'RedirectResponse to /new/' },
  { path: '/ndjson/', sends: 'NDJSONResponse, 50 lines' },
  { path: '/ndjson/observable/', sends: 'the same, a plain Observable' },
  { path: '/sse/', sends: 'ServerSentEventResponse, with heartbeats' },
  { path: '/sse/observable/', sends: 'the same, a plain Observable' },
  { path: '/sse/resume/', sends: 'resumes after Last-Event-ID' },
  { path: '/sse/resume/observable/', sends: 'the same, a plain Observable' },
];
