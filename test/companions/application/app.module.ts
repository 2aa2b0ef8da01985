import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { CacheModule } from '@nestjs/cache-manager';
import { Injectable, Module, type ExecutionContext } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, RouterModule } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { GraphQLModule } from '@nestjs/graphql';
import { ServeStaticModule } from '@nestjs/serve-static';
import { TerminusModule } from '@nestjs/terminus';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { SentryModule } from '@sentry/nestjs/setup';
import { ClsModule } from 'nestjs-cls';
import { AcceptLanguageResolver, I18nModule } from 'nestjs-i18n';
import { LoggerModule } from 'nestjs-pino';
import { ResponsesModule } from 'nestjs-responses';
import { join } from 'node:path';
import { ChatGateway } from './chat.gateway.js';
import { PuppiesResolver } from './graphql.resolver.js';
import { HealthController } from './health.controller.js';
import { MessagesController } from './messages.controller.js';
import { PuppiesController } from './puppies.controller.js';
import { ReportingFilter } from './reporting.filter.js';
import { StreamsController } from './streams.controller.js';

/** Limits HTTP requests only: those of GraphQL, sockets and messages have no address to count. */
@Injectable()
class HttpThrottlerGuard extends ThrottlerGuard {
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(context.getType() !== 'http');
  }
}

@Module({ controllers: [PuppiesController] })
class PuppiesModule {}

@Module({
  imports: [
    SentryModule.forRoot(),
    LoggerModule.forRoot(),
    ClsModule.forRoot({
      global: true,
      middleware: {
        mount: true,
        generateId: true,
        idGenerator: (request: { headers: Record<string, string> }) =>
          request.headers['x-id'] ?? 'unnamed',
      },
    }),
    I18nModule.forRoot({
      fallbackLanguage: 'en',
      loaderOptions: { path: join(process.cwd(), 'i18n') },
      resolvers: [AcceptLanguageResolver],
      logging: false,
    }),
    CacheModule.register({ isGlobal: true }),
    EventEmitterModule.forRoot(),
    ThrottlerModule.forRoot([{ limit: 1000, ttl: 60_000 }]),
    TerminusModule.forRoot({ logger: false }),
    ServeStaticModule.forRoot({
      rootPath: join(process.cwd(), 'static'),
      serveRoot: '/static',
    }),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      playground: false,
    }),
    ResponsesModule.forRoot(),
    PuppiesModule,
    RouterModule.register([{ path: 'kennel', module: PuppiesModule }]),
  ],
  controllers: [StreamsController, HealthController, MessagesController],
  providers: [
    PuppiesResolver,
    ChatGateway,
    { provide: APP_GUARD, useClass: HttpThrottlerGuard },
    { provide: APP_FILTER, useClass: ReportingFilter },
  ],
})
export class AppModule {}
