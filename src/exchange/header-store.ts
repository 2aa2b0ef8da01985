/** The headers of a reply that has not been sent yet. */
export interface HeaderStore {
  get(name: string): number | string | readonly string[] | undefined;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  remove(name: string): void;
}

/** The head that a response asks for. */
export interface Head {
  readonly statusCode: number;
  /** Replaces a `Content-Type` that was set earlier. */
  readonly contentType?: string | undefined;
  /** Replace headers that were set earlier, except that cookies and `Vary` are added. */
  readonly headers?: Headers | undefined;
  /** Used only if the header was not set earlier. */
  readonly defaults?: Readonly<Record<string, string>> | undefined;
  /** Headers that are never sent, even if set elsewhere. */
  readonly omit?: readonly string[] | undefined;
  /** The number of bytes of a streamed body, if known. */
  readonly length?: number | undefined;
}

/**
 * Fields that describe one connection or the framing of a message. Node writes them itself: from a user they would
 * contradict it, e.g. a `Transfer-Encoding` beside a `Content-Length`. Source: RFC 9110, section 7.6.1; RFC 9112, section 6.
 */
const HOP_BY_HOP = new Set([
  'transfer-encoding',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
]);
/**
 * The fields that are removed if they were set earlier. The others do no harm there, and each lookup costs time. In lower
 * case, because converting a name takes most of a lookup.
 */
const FRAMING = ['transfer-encoding', 'trailer', 'keep-alive'];

/** Options that a server may set for its connection. Source: RFC 9110, sections 7.8 and 15.5.22; RFC 9112, section 9.6. */
const CONNECTION_OPTION = /^(?:close|upgrade)$/i;

function isHopByHop(name: string, value: string): boolean {
  return HOP_BY_HOP.has(name) || (name === 'connection' && !CONNECTION_OPTION.test(value));
}

/** Merges the head of a response with headers that were set earlier by `@Header()`, CORS or middleware. */
export function mergeHead(
  store: HeaderStore,
  { statusCode, contentType, headers, defaults, omit }: Head,
) {
  const isBodiless = hasNoBody(statusCode);
  if (isBodiless) {
    store.remove('Content-Type');
    store.remove('Content-Length');
  } else if (contentType !== undefined) {
    store.set('Content-Type', contentType);
  }
  headers?.forEach((value, name) => {
    if (name === 'set-cookie') {
      store.append(name, value);
    } else if (name === 'vary') {
      mergeVary(store, value);
    } else if (!isHopByHop(name, value) && !(isBodiless && name === 'content-length')) {
      store.set(name, value);
    }
  });
  for (const name in defaults) {
    if (store.get(name) === undefined) {
      store.set(name, defaults[name] as string);
    }
  }
  omit?.forEach((name) => store.remove(name));
  for (const name of FRAMING) {
    if (store.get(name) !== undefined) {
      store.remove(name);
    }
  }
}

/**
 * Sets or removes the `Content-Length` of a streamed body. Without it, the body ends with its connection or last chunk.
 */
export function setLength(store: HeaderStore, length: number | undefined): void {
  if (length === undefined) {
    store.remove('Content-Length');
  } else {
    store.set('Content-Length', String(length));
  }
}

/** Adds field names to `Vary`, without duplicates. `*` replaces all names. Source: RFC 9110, section 12.5.5. */
export function mergeVary(store: HeaderStore, value: string): void {
  const names = new Map<string, string>();
  for (const part of [store.get('Vary') ?? '', value].join(',').split(',')) {
    const name = part.trim();
    if (name !== '' && !names.has(name.toLowerCase())) {
      names.set(name.toLowerCase(), name);
    }
  }
  store.set('Vary', names.has('*') ? '*' : [...names.values()].join(', '));
}

/** True if a reply with this status never has a body. Source: RFC 9110, section 6.4.1. */
export function hasNoBody(statusCode: number): boolean {
  return statusCode < 200 || statusCode === 204 || statusCode === 304;
}
