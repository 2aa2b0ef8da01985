import { ResponsesModule } from 'nestjs-responses';
import { PlainPuppyController } from '../../support/plain-puppy.controller.js';
import { serveNest } from '../../support/serve-nest.js';

export default serveNest(PlainPuppyController, { imports: [ResponsesModule.forRoot()] });
