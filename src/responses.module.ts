import {
  Inject,
  Logger,
  Module,
  Optional,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { createExpressMessages } from '../libs/express-messages/index.js';
import { keepTicksQuick, releaseTicks } from '../libs/quick-ticks/index.js';
import { OpenResponses } from './delivery/open-responses.js';
import { hookReply } from './delivery/reply-hook.js';
import { ResponseSender } from './delivery/response-sender.js';
import { APIErrorFilter } from './filters/api-error.filter.js';
import { compileContracts } from './mapping/compile-contracts.js';
import { mapValue, releaseReplaced } from './mapping/map-value.js';
import { bindRoutes } from './mapping/route-binder.js';
import { Representations } from './responses/representations.js';
import { SchemaCache } from './schemas/schema-cache.js';
import { checkNestVersion, installedNestVersion } from './nest-version.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './responses.module-definition.js';
import {
  checkOptions,
  servicesFrom,
  shutdownTimeoutFrom,
  type ResponsesModuleOptions,
} from './responses.module-options.js';

// On import, because it has no effect after the first full garbage collection.
keepTicksQuick();

/** The applications that have a module of their own, by what they are made of. */
const applications = new WeakSet<ModulesContainer>();

/**
 * Makes what the routes of an application return typed responses. Import it once, in the root module: as it is, by
 * `forRoot(options)` or by `forRootAsync({ inject, useFactory })`.
 *
 * @publicApi
 */
@Module({
  providers: [
    OpenResponses,
    {
      provide: Representations,
      inject: [{ token: MODULE_OPTIONS_TOKEN, optional: true }],
      useFactory: (options: ResponsesModuleOptions | undefined) =>
        new Representations(checkOptions(options ?? {}).responses),
    },
    {
      provide: APP_FILTER,
      inject: [{ token: MODULE_OPTIONS_TOKEN, optional: true }, HttpAdapterHost],
      // Nest leaves out a global filter that a factory does not make.
      useFactory: (options: ResponsesModuleOptions | undefined, adapterHost: HttpAdapterHost) =>
        options?.errors ? new APIErrorFilter(adapterHost) : undefined,
    },
  ],
})
export class ResponsesModule
  extends ConfigurableModuleClass
  implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  /**
   * The module with options.
   *
   * @param options all optional
   */
  static override forRoot(options: ResponsesModuleOptions = {}): DynamicModule {
    return super.forRoot(options);
  }

  private readonly logger = new Logger(ResponsesModule.name);
  private readonly options: ResponsesModuleOptions;
  private readonly schemas = new SchemaCache();

  /** @internal */
  constructor(
    @Optional() @Inject(MODULE_OPTIONS_TOKEN) options: ResponsesModuleOptions | undefined,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(Representations) representations: Representations,
    @Inject(OpenResponses) private readonly openResponses: OpenResponses,
  ) {
    super();
    checkNestVersion(installedNestVersion());
    if (applications.has(modules)) {
      throw new Error(
        'ResponsesModule is imported more than once, with options that differ. Import it in the root module alone.',
      );
    }
    applications.add(modules);
    this.options = options ?? {};
    if (this.options.workarounds === false) {
      releaseTicks();
    }
    // Here rather than in a hook, as a document may be made of the routes before any hook runs.
    const contracts = bindRoutes(modules, representations);
    if (this.options.validation !== 'off') {
      compileContracts(contracts, this.schemas);
    }
  }

  /** @internal */
  onModuleInit(): void {
    // A test module is given its adapter after it was compiled; an application without HTTP never has one.
    const adapter = this.adapterHost.httpAdapter;
    if (adapter) {
      if (adapter.getType() === 'express' && this.options.workarounds !== false) {
        createExpressMessages(adapter.getHttpServer(), adapter.getInstance());
      }
      const services = servicesFrom(this.options, this.schemas, this.openResponses.onShutdown);
      hookReply(
        adapter,
        new ResponseSender(services, this.openResponses),
        (value, reply) => mapValue(value, reply, services.serializer),
        releaseReplaced,
      );
    }
  }

  /** @internal */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#shutdown();
  }

  /**
   * The server is closed by now: what was under way is answered, and may have begun background tasks.
   *
   * @internal
   */
  async onApplicationShutdown(): Promise<void> {
    await this.#shutdown();
  }

  async #shutdown(): Promise<void> {
    const timeout = shutdownTimeoutFrom(this.options);
    const { streams, tasks } = await this.openResponses.shutdown(timeout);
    if (streams + tasks > 0) {
      this.logger.warn(
        `Shutdown goes on after ${timeout} ms (shutdownTimeout) with ${streams} open streams and ` +
          `${tasks} unfinished background tasks. The streams are cut.`,
      );
    }
  }
}
