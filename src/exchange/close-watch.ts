import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Socket } from 'node:net';

/** A request of Node's, over HTTP/1.1 or HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** A reply of Node's, over HTTP/1.1 or HTTP/2. */
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

/** A response without a connection may never be closed, and its client leaves by an aborted request. */
function watchWithoutConnection(response: ServerResponse, over: () => void): () => void {
  if (response.writableEnded) {
    // Its placeholder has taken everything within `end()`.
    process.nextTick(over);
  }
  // The placeholder of some adapters is no stream.
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

/** A signal that aborts when the response is over: sent, or its client gone. The same one at each call. */
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

/** Closes the connection that a response is sent over; over HTTP/2 with all its other streams. */
export function dropConnection(response: NodeResponse): void {
  if (isHttp2(response)) {
    response.stream.session?.destroy();
  } else {
    connectionOf(response)?.destroy();
  }
}

/** HTTP/2 has no status messages, no `Connection` and streams of its own, which `destroy()` does not fail. */
export function isHttp2(response: NodeResponse): response is Http2ServerResponse {
  return 'stream' in response;
}

/**
 * A response that waits behind others on its connection (HTTP/1.1 pipelining) has no socket yet, and never learns that its
 * client has gone, so that of the request is watched: by one listener for all responses, as the client chooses how many
 * they are.
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
