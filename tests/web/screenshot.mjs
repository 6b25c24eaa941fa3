#!/usr/bin/env node
// Takes a picture of a dashboard once telemetry has arrived.
import { parseArgs } from 'node:util';
import { launchBrowser, openPage } from './browser.mjs';

const usage = `usage: screenshot.mjs URL OUT.png [--wait-for-samples N] [--device ID] [--size WxH] [--scheme light|dark] [--timeout-seconds N] [--full]
  --wait-for-samples N  samples that the time line must show first (default 20)
  --device ID           which device to show (default: the first)
  --size WxH            size of the window in pixels (default 1440x1000)
  --full                the whole page, not only the window
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'wait-for-samples': { type: 'string', default: '20' },
    'timeout-seconds': { type: 'string', default: '120' },
    device: { type: 'string' },
    size: { type: 'string', default: '1440x1000' },
    scheme: { type: 'string', default: 'light' },
    full: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [url, out] = positionals;
if (values.help || url === undefined || out === undefined) {
  process.stderr.write(usage);
  process.exit(values.help ? 0 : 2);
}

const [width, height] = values.size.split('x').map(Number);
const browser = await launchBrowser();
try {
  const address = values.device === undefined ? url : `${url}#${values.device}`;
  const { page, complaints } = await openPage(browser, address, { width, height, colorScheme: values.scheme });
  await page.waitForFunction(
    (wanted) =>
      document.querySelector('[data-testid=connection]')?.getAttribute('data-state') === 'live' &&
      Number(document.querySelector('[data-testid=timeline]')?.getAttribute('data-samples') ?? 0) >= wanted,
    Number(values['wait-for-samples']),
    { timeout: Number(values['timeout-seconds']) * 1000 },
  );
  await page.evaluate(() => document.fonts.ready);
  // The rate is a mean over five whole seconds: before that it would understate the fleet.
  await page.waitForFunction(() => performance.now() > 7000);
  await page.screenshot({ path: out, fullPage: values.full });
  for (const complaint of complaints) process.stderr.write(`page: ${complaint}\n`);
  process.stdout.write(`${out}: ${width}x${height}, ${await page.getByTestId('timeline').getAttribute('data-samples')} samples\n`);
} catch (error) {
  process.stderr.write(`screenshot: ${error.message.split('\n')[0]}\n`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
