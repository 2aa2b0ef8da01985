import { BadRequestException, Controller, Get, Query } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { chromiumProgram, openPage } from '../support/browser.js';
import { platforms, start } from '../support/platforms.js';

const PAYLOADS = [
  '<script>alert(1)</script>',
  '<!doctype html><html><body><img src=x onerror=alert(1)>',
  '</script><svg onload=alert(1)>',
  '\u2028<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
];

@Controller()
class MarkupController {
  @Get()
  markup(@Query('detail') detail: string) {
    throw new BadRequestException({ message: detail, title: detail, markup: detail });
  }
}

describe.runIf(chromiumProgram).each(platforms)('An error on $name in Chromium', (platform) => {
  it.each([true, 'problem'] as const)('does not run markup with errors: %s', async (errors) => {
    const { url } = await start(platform, {
      controllers: [MarkupController],
      responses: { errors },
    });
    const page = await openPage();
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      return dialog.dismiss();
    });
    for (const payload of PAYLOADS) {
      const response = await page.goto(`${url}/?detail=${encodeURIComponent(payload)}`);
      expect(response?.status()).toBe(400);
      expect(await response?.text()).toContain(JSON.stringify(payload));
      expect(await page.locator('script, img, svg, iframe').count()).toBe(0);
    }
    expect(dialogs).toEqual([]);
  });
});
