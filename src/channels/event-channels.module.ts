import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { MemoryEventLog, type EventLog } from '../../libs/event-log/index.js';
import { RUN_SERVICES, type RunServices } from '../responses/services.js';
import { EventChannels } from './event-channels.js';
import {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
} from './event-channels.module-definition.js';
import { checkOptions, type EventChannelsModuleOptions } from './event-channels.module-options.js';

const EVENT_LOG = Symbol('EventLog');

/**
 * Makes `EventChannels` injectable in the whole application. Import it once, in the root module: as a bare class, with
 * `forRoot(options)` or with `forRootAsync({ inject, useFactory })`. The application does not start if the log cannot
 * be reached.
 *
 * @publicApi
 */
@Global()
@Module({
  providers: [
    {
      provide: EVENT_LOG,
      inject: [{ token: MODULE_OPTIONS_TOKEN, optional: true }],
      useFactory: (options: EventChannelsModuleOptions = {}): EventLog => {
        checkOptions(options);
        return options.log ?? new MemoryEventLog();
      },
    },
    {
      provide: EventChannels,
      inject: [EVENT_LOG, { token: RUN_SERVICES, optional: true }],
      useFactory: (log: EventLog, services: RunServices | undefined) =>
        new EventChannels(log, services),
    },
  ],
  exports: [EventChannels],
})
export class EventChannelsModule
  extends ConfigurableModuleClass
  implements OnModuleInit, OnApplicationShutdown
{
  /**
   * Imports the module with options.
   *
   * @param options all optional
   */
  static override forRoot(options: EventChannelsModuleOptions = {}): DynamicModule {
    return super.forRoot(options);
  }

  /** @internal */
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(EventChannels) private readonly channels: EventChannels,
  ) {
    super();
  }

  /** @internal */
  async onModuleInit(): Promise<void> {
    // Checks at start-up, not at the first event, that the log can be reached.
    await this.log.read('', undefined, 0);
  }

  /** @internal */
  async onApplicationShutdown(): Promise<void> {
    await this.channels.close();
  }
}
