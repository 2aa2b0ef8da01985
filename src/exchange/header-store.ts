/** The headers of a reply that is not sent yet. */
export interface HeaderStore {
  get(name: string): number | string | readonly string[] | undefined;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  remove(name: string): void;
}

/** The head of a reply, as a response asks for it. */
export interface Head {
  readonly statusCode: number;
  /** Replaces a `Content-Type` that was set before. */
  readonly contentType?: string | undefined;
  /** Replace those set before, save that cookies and `Vary` add up. */
  readonly headers?: Headers | undefined;
  /** Give way to those set before. */
  readonly defaults?: Readonly<Record<string, string>> | undefined;
  /** Are not sent, whoever set them. */
  readonly omit?: readonly string[] | undefined;
  /** The number of bytes of a body that is streamed, where it is known. */
  readonly length?: number | undefined;
}

/** Brings the head of a response together with the headers set before, by `@Header()`, CORS or a middleware. */
export function mergeHead(
  store: HeaderStore,
  { statusCode, contentType, headers, defaults, omit }: Head,
) {
  if (hasNoBody(statusCode)) {
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
    } else {
      store.set(name, value);
    }
  });
  for (const name in defaults) {
    if (store.get(name) === undefined) {
      store.set(name, defaults[name] as string);
    }
  }
  omit?.forEach((name) => store.remove(name));
}

/** Says how long a body is that is streamed; one of an unknown length ends with its connection or last chunk. */
export function setLength(store: HeaderStore, length: number | undefined): void {
  if (length === undefined) {
    store.remove('Content-Length');
  } else {
    store.set('Content-Length', String(length));
  }
}

/** Adds field names to `Vary`, each once; `*` stands for all of them. Source: RFC 9110, section 12.5.5. */
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

/** Whether a reply of this status never carries a body. Source: RFC 9110, section 6.4.1. */
export function hasNoBody(statusCode: number): boolean {
  return statusCode < 200 || statusCode === 204 || statusCode === 304;
}
