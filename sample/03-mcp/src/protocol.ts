/** The supported revisions of the protocol, newest first. */
export const versions = ['2025-11-25', '2025-06-18'] as const;

export type Version = (typeof versions)[number];

/** Returns the revision for a client: the requested one if it is supported, otherwise the newest. */
export function negotiateVersion(asked: string): Version {
  return versions.find((version) => version === asked) ?? versions[0];
}

/**
 * Error codes. Source: JSON-RPC 2.0, section 5.1. `refused`, for messages that the transport rejects, is in the range
 * reserved for implementations.
 */
export const codes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  refused: -32_000,
} as const;
