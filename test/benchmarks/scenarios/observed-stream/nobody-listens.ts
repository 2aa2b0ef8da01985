export { default } from '../events-from-observable/nestjs-responses.js';
