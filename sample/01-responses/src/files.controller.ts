import { Controller, Get } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation } from '@nestjs/swagger';
import { ApiFileResponse, FileResponse } from 'nestjs-responses';
import { fileURLToPath } from 'node:url';
import { Recording } from './recording.js';

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));

/** Sends a file as a download and for playback, and the page that plays it. */
@Controller()
export class FilesController {
  constructor(private readonly recording: Recording) {}

  /** Can be resumed: `curl -C - -o scale.wav http://localhost:3000/download/` */
  @Get('download')
  @ApiOperation({ summary: 'The recording as a download' })
  @ApiFileResponse({ mediaType: 'audio/wav' })
  download(): FileResponse {
    return new FileResponse(this.recording.path, { filename: 'A scale ♪.wav' });
  }

  @Get('media')
  @ApiExcludeEndpoint()
  player(): FileResponse {
    return new FileResponse('media.html', { root: TEMPLATES, contentDispositionType: 'inline' });
  }

  /** Sends the recording for playback. The player requests only the part that it is about to play. */
  @Get('media/scale')
  @ApiOperation({ summary: 'The recording for playback' })
  @ApiFileResponse({ mediaType: 'audio/wav' })
  scale(): FileResponse {
    return new FileResponse(this.recording.path, { contentDispositionType: 'inline', maxAge: 60 });
  }
}
