import { register } from 'node:module';

// NestJS 12 imports Express as an ES module, which `require` hooks do not see.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
