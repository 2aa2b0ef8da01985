export { keepTicksQuick, NEEDS_QUICK_TICKS, releaseTicks } from './quick-ticks.js';
