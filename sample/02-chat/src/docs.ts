import type { INestApplication } from '@nestjs/common';
import { serveDocs } from '../../shared/serve-docs.js';

export function setupDocs(app: INestApplication): void {
  serveDocs(app, {
    title: 'Chat',
    description: 'Chat completions as the clients of OpenAI ask for them.',
  });
}
