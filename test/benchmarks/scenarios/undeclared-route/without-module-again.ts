/** Nest against itself: what is noise. */
export { default } from './without-module.js';
