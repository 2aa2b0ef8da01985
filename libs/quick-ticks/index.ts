export { keepTicksQuick } from './quick-ticks.js';
