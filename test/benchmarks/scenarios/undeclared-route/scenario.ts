import { readText } from '../../support/read-text.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: 'An undeclared route',
  onNest: ['with-module', 'without-module', 'without-module-collected'],
  others: [],
  targets: [
    { of: 'with-module', against: 'without-module', atMost: 1.02 },
    { of: 'without-module-collected', against: 'without-module' },
  ],
  read: readText,
} satisfies Scenario;
