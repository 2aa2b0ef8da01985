import type { INestApplication } from '@nestjs/common';
import { serveDocs } from '../../shared/serve-docs.js';

export function setupDocs(app: INestApplication): void {
  serveDocs(app, {
    title: 'MCP',
    description: 'A server of the Model Context Protocol, by its transport "Streamable HTTP".',
  });
}
