/** The responses of routes that do not need the CLI plugin: path, content type and body. */
export const ANSWERS: readonly [path: string, contentType: string, body: string][] = [
  ['/json', 'application/json', '{"message":"hello"}'],
  ['/puppy', 'application/json', '{"id":1,"name":"Rex"}'],
  ['/puppies', 'application/x-ndjson', '{"id":1,"name":"Rex 1"}\n{"id":2,"name":"Rex 2"}\n'],
  ['/inline', 'application/x-ndjson', '{"i":1}\n'],
  [
    '/events',
    'text/event-stream',
    'id: 1\nevent: tick\ndata: 1\n\nid: 2\nevent: tick\ndata: 2\n\n',
  ],
];
