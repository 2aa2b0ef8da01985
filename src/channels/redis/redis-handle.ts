/** The commands that event channels need. Available in clients of a server, a cluster and Sentinel. */
export interface RedisCommands {
  readonly isReady: boolean;
  get(key: string): Promise<string | null>;
  eval(
    script: string,
    options: { readonly keys: readonly string[]; readonly arguments: readonly string[] },
  ): Promise<unknown>;
  pExpire(key: string, milliseconds: number): Promise<unknown>;
  xAdd(
    key: string,
    id: string,
    message: Readonly<Record<string, string>>,
    options?: object,
  ): Promise<unknown>;
  xRange(
    key: string,
    start: string,
    end: string,
    options: { readonly COUNT: number },
  ): Promise<readonly StreamMessage[] | null>;
  xRead(
    streams: readonly { readonly key: string; readonly id: string }[],
    options: { readonly BLOCK?: number; readonly COUNT: number },
  ): Promise<readonly StreamAnswer[] | null>;
}

/** An entry of a stream. */
export interface StreamMessage {
  readonly id: string;
  readonly message: Readonly<Record<string, string>>;
}

/** The entries of one stream that `XREAD` returns. */
export interface StreamAnswer {
  readonly name: string;
  readonly messages: readonly StreamMessage[];
}

/** A client of any kind. */
export interface RedisHandle extends RedisCommands {
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: string, listener: (error: Error) => void): unknown;
  off(event: string, listener: (error: Error) => void): unknown;
}
