import {
  Global,
  Inject,
  Logger,
  Module,
  Optional,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type NestModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_FILTER, ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { createExpressMessages } from '../libs/express-messages/index.js';
import { keepTicksQuick, releaseTicks } from '../libs/quick-ticks/index.js';
import { OpenResponses } from './delivery/open-responses.js';
import { OpenStreams } from './delivery/open-streams.js';
import { hookReply } from './delivery/reply-hook.js';
import { ResponseSender } from './delivery/response-sender.js';
import { documentErrors } from './decorators/error-form.js';
import { APIErrorFilter } from './filters/api-error.filter.js';
import type { ErrorResponseFilter } from './filters/error-response.filter.js';
import { ProblemFilter } from './filters/problem.filter.js';
import { applicationModels } from './mapping/application-models.js';
import { compileContracts } from './mapping/compile-contracts.js';
import { mapValue, releaseReplaced } from './mapping/map-value.js';
import { bindRoutes } from './mapping/route-binder.js';
import { SerializerBypass } from './mapping/serializer-bypass.js';
import { createExchange } from './exchange/create-exchange.js';
import { isResponse } from './responses/response.js';
import { Representations } from './responses/representations.js';
import type { Validation } from './responses/declared-serializer.js';
import { RUN_SERVICES, type DeliveryServices, type RunServices } from './responses/services.js';
import { compileSchema } from './schemas/compile-schema.js';
import { SchemaCache } from './schemas/schema-cache.js';
import { checkNestVersion, installedNestVersion } from './nest-version.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './responses.module-definition.js';
import {
  checkOptions,
  describeErrorFrom,
  servicesFrom,
  shutdownTimeoutFrom,
  type ResponsesModuleOptions,
} from './responses.module-options.js';

// Called on import, because it has no effect after the first full garbage collection.
keepTicksQuick();

/** The effect of the option `validation` on routes that declare a type, for the log message at start-up. */
const CONSEQUENCES: Readonly<Record<Validation, string>> = {
  error:
    "Only declared properties are sent, and content that does not match is a 500 (validation: 'error').",
  warn: "Their content is sent as it is, and differences are logged (validation: 'warn').",
  off: "Their content is sent as it is (validation: 'off').",
};

function makeErrorFilter(
  errors: ResponsesModuleOptions['errors'],
  adapterHost: HttpAdapterHost,
): ErrorResponseFilter | undefined {
  if (errors === 'problem') {
    return new ProblemFilter(adapterHost);
  }
  return errors ? new APIErrorFilter(adapterHost) : undefined;
}

/** The applications that already have the module, by their module containers. */
const applications = new WeakSet<ModulesContainer>();

/**
 * Lets the routes of an application return typed responses. Import it once, in the root module: as a bare class, with
 * `forRoot(options)` or with `forRootAsync({ inject, useFactory })`. `OpenStreams` is then injectable in every module.
 *
 * @publicApi
 */
@Global()
@Module({
  providers: [
    OpenResponses,
    OpenStreams,
    {
      provide: RUN_SERVICES,
      inject: [OpenResponses, { token: MODULE_OPTIONS_TOKEN, optional: true }],
      useFactory: (
        openResponses: OpenResponses,
        options: ResponsesModuleOptions = {},
      ): RunServices => ({
        track: (task) => openResponses.track(task),
        describeError: describeErrorFrom(options),
      }),
    },
    {
      provide: Representations,
      inject: [{ token: MODULE_OPTIONS_TOKEN, optional: true }],
      useFactory: (options: ResponsesModuleOptions | undefined) =>
        new Representations(checkOptions(options ?? {}).responses),
    },
    {
      provide: APP_FILTER,
      inject: [{ token: MODULE_OPTIONS_TOKEN, optional: true }, HttpAdapterHost],
      // Nest ignores a global filter if its factory returns undefined.
      useFactory: (options: ResponsesModuleOptions | undefined, adapterHost: HttpAdapterHost) =>
        makeErrorFilter(options?.errors, adapterHost),
    },
  ],
  exports: [OpenStreams, RUN_SERVICES],
})
export class ResponsesModule
  extends ConfigurableModuleClass
  implements NestModule, OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  /**
   * Imports the module with options.
   *
   * @param options all optional
   */
  static override forRoot(options: ResponsesModuleOptions = {}): DynamicModule {
    return super.forRoot(options);
  }

  private readonly logger = new Logger(ResponsesModule.name);
  private readonly options: ResponsesModuleOptions;
  private readonly services: DeliveryServices;

  /** @internal */
  constructor(
    @Optional() @Inject(MODULE_OPTIONS_TOKEN) options: ResponsesModuleOptions | undefined,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(Representations) private readonly representations: Representations,
    @Inject(OpenResponses) private readonly openResponses: OpenResponses,
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
  ) {
    super();
    checkNestVersion(installedNestVersion());
    if (applications.has(modules)) {
      throw new Error(
        'ResponsesModule is imported more than once, with different options. Import it in the root module only.',
      );
    }
    applications.add(modules);
    this.options = options ?? {};
    if (this.options.workarounds === false) {
      releaseTicks();
    }
    const findModel = applicationModels(modules);
    this.services = servicesFrom(
      this.options,
      new SchemaCache((source) => compileSchema(source, findModel)),
      openResponses.onShutdown,
    );
    documentErrors(modules, this.options.errors === 'problem' ? 'problem' : 'json');
    // Needed here as well as in configure(), because a document may be created before any hook runs.
    bindRoutes(modules, representations, () => {});
  }

  /**
   * Runs before Nest registers the routes, and after `SwaggerModule.loadPluginMetadata()`, which may add declarations
   * once the application has been created.
   *
   * @internal
   */
  configure(): void {
    const contracts = bindRoutes(this.modules, this.representations, (message) =>
      this.logger.warn(message),
    );
    const { serializer } = this.services;
    const routes = compileContracts(contracts, serializer);
    if (routes > 0) {
      this.logger.log(
        `Routes with a declared response type: ${routes}. ${CONSEQUENCES[serializer.validation]}`,
      );
    }
  }

  /** @internal */
  onModuleInit(): void {
    // A test module gets its adapter after it was compiled. An application without HTTP never has one.
    const adapter = this.adapterHost.httpAdapter;
    if (adapter) {
      if (adapter.getType() === 'express' && this.options.workarounds !== false) {
        createExpressMessages(adapter.getHttpServer(), adapter.getInstance());
      }
      const { services } = this;
      const bypass = new SerializerBypass(this.config, this.modules);
      hookReply(
        adapter,
        new ResponseSender(services, this.openResponses),
        (value, reply) => {
          if (isResponse(value)) {
            bypass.inspect(value, () => createExchange(reply).route);
          }
          return mapValue(value, reply, services.serializer);
        },
        releaseReplaced,
      );
    }
  }

  /** @internal */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#shutdown();
  }

  /**
   * The server is closed by now. Requests that were in progress may have started background tasks.
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
        `Shutdown continues after ${timeout} ms (shutdownTimeout) with ${streams} open streams and ` +
          `${tasks} unfinished background tasks. The streams are cut.`,
      );
    }
  }
}
