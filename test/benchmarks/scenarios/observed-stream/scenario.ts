import { readEvents } from '../../support/read-events.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title:
    '1,000 events from an Observable, with and without a subscriber of the diagnostics channels',
  onNest: ['nobody-listens', 'subscriber'],
  others: [],
  targets: [{ of: 'subscriber', against: 'nobody-listens', atMost: 1.1 }],
  read: readEvents,
} satisfies Scenario;
