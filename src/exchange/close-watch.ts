import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Socket } from 'node:net';

/** A Node request, over HTTP/1.1 or HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** A Node response, over HTTP/1.1 or HTTP/2. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

interface SocketWatch {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const socketWatches = new WeakMap<Socket, SocketWatch>();
const controllers = new WeakMap<NodeResponse, AbortController>();

/**
 * The connection that a response is sent over. Undefined if there is none: `app.inject()` and adapters for serverless
 * functions call the application with a request and a response whose socket is a placeholder.
 */
export function connectionOf(response: NodeResponse): Socket | undefined {
  const socket = isHttp2(response) ? response.stream.session?.socket : response.req.socket;
  return socket instanceof Socket ? socket : undefined;
}

/** Calls `callback` once, when the response is over: sent in full, or its client disconnected. */
export function onceOver(response: NodeResponse, callback: () => void): void {
  const connection = isHttp2(response) ? undefined : connectionOf(response);
  let stopWatching: (() => void) | undefined;
  let isCalled = false;
  const over = () => {
    if (!isCalled) {
      isCalled = true;
      response.off('close', over);
      stopWatching?.();
      callback();
    }
  };
  response.on('close', over);
  if (isHttp2(response)) {
    return;
  }
  if (!connection) {
    stopWatching = watchWithoutConnection(response, over);
  } else if (!response.socket) {
    stopWatching = watchSocket(connection, over);
  }
}

/** A response without a connection may never emit `close`. An aborted request means that its client disconnected. */
function watchWithoutConnection(response: ServerResponse, over: () => void): () => void {
  if (response.writableEnded) {
    // The placeholder has accepted everything within `end()`.
    process.nextTick(over);
  }
  // Some adapters use a placeholder that is not a stream.
  const request = response.req as Partial<IncomingMessage>;
  response.on('finish', over);
  request.on?.('error', over);
  return () => {
    response.off('finish', over);
    request.off?.('error', over);
  };
}

/** True if the response is over: sent in full, or its client disconnected. */
export function isOver(response: NodeResponse): boolean {
  return isHttp2(response)
    ? response.stream.closed || response.stream.destroyed
    : response.closed || response.destroyed || (connectionOf(response)?.destroyed ?? false);
}

/** True if a response that has emitted `finish` was sent in full. Node emits it for a disconnected client too. */
export function isSentInFull(response: NodeResponse): boolean {
  if (isHttp2(response)) {
    const { rstCode, writableFinished } = response.stream;
    return writableFinished && rstCode === constants.NGHTTP2_NO_ERROR;
  }
  return !connectionOf(response)?.destroyed;
}

/**
 * Returns a signal that aborts when the response is over: sent in full, or its client disconnected. Returns the same
 * signal on each call.
 */
export function disconnectSignal(response: NodeResponse): AbortSignal {
  let controller = controllers.get(response);
  if (!controller) {
    const created = new AbortController();
    controller = created;
    controllers.set(response, controller);
    if (isOver(response)) {
      controller.abort();
    } else {
      onceOver(response, () => created.abort());
    }
  }
  return controller.signal;
}

/** Closes the connection of a response. Over HTTP/2, this ends all other streams of the connection too. */
export function dropConnection(response: NodeResponse): void {
  if (isHttp2(response)) {
    response.stream.session?.destroy();
  } else {
    connectionOf(response)?.destroy();
  }
}

/**
 * True for HTTP/2, which has no status messages and no `Connection` header, and whose streams `destroy()` does not
 * fail.
 */
export function isHttp2(response: NodeResponse): response is Http2ServerResponse {
  return 'stream' in response;
}

/**
 * Watches the socket of the request. A response that waits behind others on its connection (HTTP/1.1 pipelining) has no
 * socket yet and does not notice that its client has disconnected. Adds one listener for all responses of a socket,
 * because the client decides how many there are.
 */
function watchSocket(socket: Socket, callback: () => void): () => void {
  let watch = socketWatches.get(socket);
  if (!watch) {
    const callbacks = new Set<() => void>();
    watch = { callbacks, listener: () => callbacks.forEach((call) => call()) };
    socketWatches.set(socket, watch);
    socket.on('close', watch.listener);
  }
  const { callbacks, listener } = watch;
  callbacks.add(callback);
  return () => {
    if (callbacks.delete(callback) && callbacks.size === 0) {
      socketWatches.delete(socket);
      socket.off('close', listener);
    }
  };
}
