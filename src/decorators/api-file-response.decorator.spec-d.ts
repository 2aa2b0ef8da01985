import { describe, expectTypeOf, it } from 'vitest';
import { FileResponse } from '../responses/file/file-response.js';
import type { Response } from '../responses/response.js';
import { ApiFileResponse } from './api-file-response.decorator.js';

describe('@ApiFileResponse()', () => {
  it('fits handlers that return a response or a promise of one', () => {
    class Files {
      @ApiFileResponse()
      file(): FileResponse {
        return new FileResponse('a.txt');
      }

      @ApiFileResponse({ mediaType: 'video/mp4' })
      async later(): Promise<Response> {
        return new FileResponse('a.txt');
      }

      // @ts-expect-error -- returns the path of a file, not a file
      @ApiFileResponse()
      path(): string {
        return 'a.txt';
      }
    }
    expectTypeOf(new Files().file()).toExtend<Response>();
  });
});
