/** The revisions of the protocol that are spoken here, the newest first. */
export const versions = ['2025-11-25', '2025-06-18'] as const;

export type Version = (typeof versions)[number];

/** The revision that is spoken with a client that asks for one: that one, or the newest where it is not known. */
export function negotiateVersion(asked: string): Version {
  return versions.find((version) => version === asked) ?? versions[0];
}

/**
 * Codes of errors. Source: JSON-RPC 2.0, section 5.1; `refused` is of the range that it leaves to implementations, for
 * what the transport refuses.
 */
export const codes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  refused: -32_000,
} as const;
