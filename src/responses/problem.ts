import { STATUS_CODES } from 'node:http';
import { isObject, withoutNestMembers, type PublicError } from './error-body.js';
import { errorItems } from './error-items.js';

/** The members of a problem. All others are extensions. Source: RFC 9457, section 3. @publicApi */
export interface ProblemInit {
  /** The status of the response, from 100 to 599. @default 500 */
  readonly status?: number | undefined;
  /** Identifies the type of problem: an absolute or relative URI reference. @default 'about:blank' */
  readonly type?: string | undefined;
  /** A summary of the type of problem, the same for each occurrence. @default the reason phrase of the status */
  readonly title?: string | undefined;
  /** An explanation of this occurrence, for people. @default none */
  readonly detail?: string | undefined;
  /** Identifies this occurrence: a URI reference. Never set automatically. @default none */
  readonly instance?: string | undefined;
  /** Any other member is an extension, e.g. `balance: 30`. */
  readonly [extension: string]: unknown;
}

/** The body of a problem. @publicApi */
export interface ProblemBody {
  /** A URI reference that identifies the kind of problem. Source: RFC 9457, section 3.1.1. */
  readonly type: string;
  /** A short summary of the kind of problem. Source: RFC 9457, section 3.1.3. */
  readonly title?: string;
  /** The status code of the response. Source: RFC 9457, section 3.1.2. */
  readonly status: number;
  /** An explanation of this occurrence. Source: RFC 9457, section 3.1.4. */
  readonly detail?: string;
  /** A URI reference that identifies this occurrence. Source: RFC 9457, section 3.1.5. */
  readonly instance?: string;
  /** Any other member is an extension. Source: RFC 9457, section 3.2. */
  readonly [extension: string]: unknown;
}

interface Member {
  readonly is: (value: unknown) => boolean;
  readonly text: string;
}

/** Characters that a URI reference cannot contain. Source: RFC 3986, appendix A. */
const NOT_IN_URI = /[^!#$&'()*+,\-./0-9:;=?@A-Z[\]_a-z~%]|%(?![0-9A-Fa-f]{2})/;

const URI: Member = {
  is: (value) => typeof value === 'string' && !NOT_IN_URI.test(value),
  text: 'a URI reference',
};
const TEXT: Member = { is: (value) => typeof value === 'string', text: 'a string' };

const MEMBERS: Readonly<Record<'type' | 'title' | 'detail' | 'instance', Member>> = {
  type: URI,
  title: TEXT,
  detail: TEXT,
  instance: URI,
};

/** Creates the body of a problem. Throws a `TypeError` that names a standard member of a wrong type. */
export function problemBody({
  status = 500,
  type = 'about:blank',
  title = STATUS_CODES[status],
  detail,
  instance,
  ...extensions
}: ProblemInit): ProblemBody {
  const texts = { type, title, detail, instance };
  for (const [name, { is, text }] of Object.entries(MEMBERS)) {
    const value: unknown = texts[name as keyof typeof texts];
    if (value !== undefined && !is(value)) {
      throw new TypeError(
        `The member "${name}" of a problem must be ${text}, got ${describe(value)}. Name an extension member differently.`,
      );
    }
  }
  return {
    type,
    ...(title !== undefined && { title }),
    status,
    ...(detail !== undefined && { detail }),
    ...(instance !== undefined && { instance }),
    ...extensions,
  };
}

/**
 * Describes an error as a problem. Messages become `errors`, other members extensions. The status of the error wins over
 * a member `status`. A standard member of a wrong type is left out, as are `detail`s that only repeat the title.
 */
export function problemOf({ detail, statusCode, extensions }: PublicError): ProblemInit {
  const given = {
    ...extensions,
    ...(isObject(detail) ? withoutNestMembers(detail, statusCode) : undefined),
  };
  const members: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => MEMBERS[name as 'type']?.is(value) ?? true),
  );
  const errors = [
    ...(Array.isArray(detail) ? errorItems(detail) : []),
    ...(Array.isArray(members['errors']) ? errorItems(members['errors']) : []),
  ];
  const text = typeof detail === 'number' ? String(detail) : detail;
  return {
    ...(typeof text === 'string' && text !== STATUS_CODES[statusCode] && { detail: text }),
    ...members,
    ...(errors.length > 0 && { errors }),
    status: statusCode,
  };
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : value === null ? 'null' : typeof value;
}
