import { Controller, Get, NotFoundException } from '@nestjs/common';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { concat, finalize, of, Subject, throwError, type Observable } from 'rxjs';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ApiNDJSONResponse, ApiStreamResponse } from '../../src/index.js';
import { deferred, type Deferred } from '../support/deferred.js';
import { Tick } from '../support/openapi-application.js';
import { platforms, start } from '../support/platforms.js';
import { findProgram } from '../support/programs.js';
import { until } from '../support/turn.js';

const curl = findProgram('curl');

let ticks: Subject<Tick>;
/** Settles once they are no longer wanted. */
let released: Deferred<void>;
beforeEach(() => {
  ticks = new Subject();
  released = deferred();
});

@Controller()
class TicksController {
  @Get('ticks')
  @ApiStreamResponse({ type: Tick })
  ticks(): Observable<Tick> {
    return ticks.pipe(finalize(() => released.resolve()));
  }

  /** Fails once its first item is sent. */
  @Get('failing')
  @ApiStreamResponse({ type: Tick })
  failing(): Observable<Tick> {
    return concat(
      of({ i: 0 }),
      throwError(() => new Error('secret')),
    );
  }

  @Get('missing')
  @ApiNDJSONResponse({ type: Tick })
  async missing(): Promise<Observable<Tick>> {
    throw new NotFoundException('There are no ticks.');
  }
}

describe.runIf(curl)('A stream for curl', () => {
  describe.each(platforms)('from $name', (platform) => {
    /** Runs curl with these arguments on a path, until it ends or the test is done. */
    async function run(path: string, ...args: string[]) {
      const { url } = await start(platform, { controllers: [TicksController] });
      const child = spawn(curl ?? '', ['-sSN', ...args, `${url}/${path}`], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      onTestFinished(() => void child.kill());
      const output = { out: '', err: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text));
      const ended = once(child, 'close').then(([code]) => code as number | null);
      return { child, output, ended };
    }

    it.each([
      ['lines, without an Accept header', [], '{"i":0}\n', '{"i":1}\n'],
      ['lines', ['-H', 'Accept: application/x-ndjson'], '{"i":0}\n', '{"i":1}\n'],
      ['events', ['-H', 'Accept: text/event-stream'], 'data: {"i":0}\n\n', 'data: {"i":1}\n\n'],
    ])('arrives as it is produced, with %s', async (_form, args, first, second) => {
      const { output, ended } = await run('ticks', ...args);
      await until(() => ticks.observed);
      ticks.next({ i: 0 });
      await until(() => output.out === first);
      ticks.next({ i: 1 });
      await until(() => output.out === first + second);
      ticks.complete();
      expect(await ended).toBe(0);
      expect(output).toEqual({ out: first + second, err: '' });
    });

    it('sends its head before its first item', async () => {
      // What curl writes of the head to its output waits there for the body.
      const { output } = await run('ticks', '--verbose');
      await until(() => output.err.includes('\n< \r\n'));
      expect(output.err).toContain('\n< HTTP/1.1 200 OK\r\n');
      expect(output.err).toMatch(/\n< content-type: application\/x-ndjson\r\n/i);
      expect(output.out).toBe('');
    });

    it('is stopped when curl is', async () => {
      const { child, ended } = await run('ticks');
      await until(() => ticks.observed);
      child.kill();
      await released.promise;
      expect(await ended).toBeNull();
      expect(ticks.observed).toBe(false);
    });

    it('is an error with --fail if it fails before the head', async () => {
      const { output, ended } = await run('missing', '--fail');
      expect(await ended).toBe(22);
      expect(output.out).toBe('');
      expect(output.err).toContain('404');
    });

    it('shows that error without --fail', async () => {
      const { output, ended } = await run('missing');
      expect(await ended).toBe(0);
      expect(JSON.parse(output.out)).toMatchObject({ message: 'There are no ticks.' });
    });

    it('of lines that is cut is recognised as incomplete', async () => {
      const { output, ended } = await run('failing');
      expect(await ended).toBe(18);
      expect(output.out).toBe('{"i":0}\n');
      expect(output.err).toContain('outstanding read data remaining');
    });

    it('of lines that is cut is recognised as incomplete, even over HTTP/1.0', async () => {
      const { output, ended } = await run('failing', '--http1.0');
      // That the connection was reset, as an end is all that tells HTTP/1.0 that it has the whole.
      expect(await ended).toBe(56);
      expect(output.out).not.toContain('secret');
    });

    it('of events reports its failure, and ends', async () => {
      const { output, ended } = await run('failing', '-H', 'Accept: text/event-stream');
      expect(await ended).toBe(0);
      expect(output.out).toBe(
        'data: {"i":0}\n\n' +
          'event: error\n' +
          'data: {"detail":"Internal Server Error","error":null,"status_code":500}\n\n',
      );
    });

    it('answers HEAD with its head', async () => {
      const { output, ended } = await run('ticks', '--head');
      expect(await ended).toBe(0);
      expect(output.out).toMatch(/^HTTP\/1.1 200 OK\r\n/);
      expect(ticks.observed).toBe(false);
    });
  });
});
