/** Replaced by the CLI plugin under the SWC builder. */
export default (): Promise<Record<string, unknown>> => Promise.resolve({});
