/**
 * The keys of the metadata that Nest's decorators write, the same in NestJS 11 and 12. Nest exports these names only
 * from internal paths, which differ between the two versions. `nest-metadata.spec.ts` compares them with the installed
 * version.
 */
export const HTTP_CODE_METADATA = '__httpCode__';
export const INTERCEPTORS_METADATA = '__interceptors__';
export const METHOD_METADATA = 'method';
export const PARAMTYPES_METADATA = 'design:paramtypes';
export const PATH_METADATA = 'path';
export const REDIRECT_METADATA = '__redirect__';
export const RENDER_METADATA = '__renderTemplate__';
export const RESPONSE_PASSTHROUGH_METADATA = '__responsePassthrough__';
export const ROUTE_ARGS_METADATA = '__routeArguments__';
export const SSE_METADATA = '__sse__';

/** The kinds of handler parameters that matter for binding, by the numbers in the keys of `ROUTE_ARGS_METADATA`. */
export const RouteParamtypes = { REQUEST: 0, RESPONSE: 1, NEXT: 2 } as const;
