import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';

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

/** Calls `callback` once, when the response is over: sent, or its client gone. No listener stays behind. */
export function onceOver(response: NodeResponse, callback: () => void): void {
  let stopWatching: (() => void) | undefined;
  const over = () => {
    response.off('close', over);
    stopWatching?.();
    callback();
  };
  response.on('close', over);
  if (!isHttp2(response) && !response.socket) {
    stopWatching = watchSocket(response.req.socket, over);
  }
}

/** Whether the response is over: sent, or its client gone. */
export function isOver(response: NodeResponse): boolean {
  return isHttp2(response)
    ? response.stream.closed || response.stream.destroyed
    : response.closed || response.destroyed || response.req.socket.destroyed;
}

/** Whether a response that tells of its `finish` was sent in full: Node does so where its client has left as well. */
export function isSentInFull(response: NodeResponse): boolean {
  if (isHttp2(response)) {
    const { rstCode, writableFinished } = response.stream;
    return writableFinished && rstCode === constants.NGHTTP2_NO_ERROR;
  }
  return !response.req.socket.destroyed;
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

/** Drops the connection that a response is sent over, and all that is sent over it with HTTP/2. */
export function dropConnection(response: NodeResponse): void {
  if (isHttp2(response)) {
    response.stream.session?.destroy();
  } else {
    response.req.socket.destroy();
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
