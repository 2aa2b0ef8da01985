import type { INestApplication } from '@nestjs/common';
import { serveDocs } from '../../shared/serve-docs.js';

export function setupDocs(app: INestApplication): void {
  serveDocs(app, {
    title: 'Chat',
    description: 'Chat completions for OpenAI clients.',
  });
}
