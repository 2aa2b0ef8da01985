import type { INestApplication } from '@nestjs/common';
import { serveDocs } from '../../shared/serve-docs.js';

export function setupDocs(app: INestApplication): void {
  serveDocs(app, {
    title: 'MCP',
    description: 'A Model Context Protocol server with the transport "Streamable HTTP".',
  });
}
