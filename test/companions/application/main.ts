import fastifyCompress from '@fastify/compress';
import fastifyHelmet from '@fastify/helmet';
import { VersioningType, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import compression from 'compression';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';

const options = { bufferLogs: true };

async function createOnExpress(): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule, options);
  return app.use(helmet(), compression({ threshold: 0 }));
}

async function createOnFastify(): Promise<INestApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule,
    new FastifyAdapter(),
    options,
  );
  await app.register(fastifyHelmet);
  await app.register(fastifyCompress, { threshold: 0 });
  return app;
}

async function main(): Promise<void> {
  const isFastify = process.env['PLATFORM'] === 'Fastify';
  const app = await (isFastify ? createOnFastify() : createOnExpress());
  app.useLogger(app.get(Logger));
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.enableCors({ origin: 'https://client.example', exposedHeaders: ['Link'] });
  app.useWebSocketAdapter(new IoAdapter(app));
  const port = Number(process.env['MICROSERVICE_PORT']);
  app.connectMicroservice(
    { transport: Transport.TCP, options: { host: '127.0.0.1', port } },
    { inheritAppConfig: true },
  );
  SwaggerModule.setup('docs', app, () =>
    SwaggerModule.createDocument(app, new DocumentBuilder().build()),
  );
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  process.stdout.write(`${JSON.stringify({ url: await app.getUrl() })}\n`);
}
void main();
