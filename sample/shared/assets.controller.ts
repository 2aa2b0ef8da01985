import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { FileResponse } from 'nestjs-responses';
import { fileURLToPath } from 'node:url';

/** Serves the assets that the sample pages share, so that they need no network. */
@Controller()
@ApiExcludeController()
export class AssetsController {
  @Get('theme.css')
  theme(): FileResponse {
    return inline(new URL('theme.css', import.meta.url).href);
  }

  @Get('vue.js')
  vue(): FileResponse {
    return inline(import.meta.resolve('vue/dist/vue.esm-browser.prod.js'));
  }
}

function inline(url: string): FileResponse {
  return new FileResponse(fileURLToPath(url), { contentDispositionType: 'inline' });
}
