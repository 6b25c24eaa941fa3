// The whole product in a real browser: `up` trains, maps, signs and rolls out to three real agents; a person watches their batteries.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchBrowser, openPage } from './browser.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = path.join(root, 'artifacts/bin/InstantNet.Controller/release/InstantNet.Controller.dll');
const picture = path.join(root, 'artifacts/dashboard.png');
const devices = ['eyeriss-01', 'edge-01', 'cpu-01'];

/** Longest wait for the fleet to serve, and for a battery to fall from full to empty, milliseconds. */
const upPatience = 300_000;
const drainPatience = 60_000;

/** A folder of `up` with a network that was trained on all images, for the picture in the documents; else a new one, trained on a tenth. */
const trained = process.env.INSTANTNET_UP_FOLDER;

/** Starts `up`; resolves with its address once every device serves. */
function bringUp(folder) {
  const process_ = spawn('dotnet', [program, 'up', ...(trained ? [] : ['--quick']), '--port', '0', '--folder', folder], { stdio: ['ignore', 'inherit', 'pipe'] });
  let said = '';
  const address = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not up after ${upPatience} ms: ${said}`)), upPatience);
    process_.stderr.on('data', (bytes) => {
      said += bytes;
      const found = /every device serves the release; watch them at (\S+)/.exec(said);
      if (found === null) return;
      clearTimeout(late);
      resolve(found[1]);
    });
    process_.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`up ended with code ${code}: ${said}`));
    });
  });
  return { process_, address };
}

describe('a real fleet', () => {
  let browser, folder, up;
  before(async () => {
    folder = trained ?? (await mkdtemp(path.join(tmpdir(), 'instantnet-up-')));
    browser = await launchBrowser();
    up = bringUp(folder);
  });
  after(async () => {
    await browser.close();
    if (up.process_.exitCode === null) {
      up.process_.kill('SIGTERM');
      await once(up.process_, 'exit');
    }
    if (folder !== trained) await rm(folder, { recursive: true, force: true });
  });

  test('shows three devices whose precision follows their batteries', { timeout: upPatience + 4 * drainPatience }, async () => {
    const { page, complaints, hosts } = await openPage(browser, `${await up.address}#eyeriss-01`);
    await page.getByTestId('connection').and(page.locator('[data-state=live]')).waitFor({ timeout: drainPatience });
    for (const id of devices) await page.getByTestId(`device-${id}`).waitFor({ timeout: drainPatience });

    // Down through both bands and up again.
    await page.locator('[data-testid=switch]').nth(3).waitFor({ timeout: 2 * drainPatience });
    const switches = await page.getByTestId('switches').innerText();
    assert.match(switches, /battery|%/i);
    const widths = await page.getByTestId('band').evaluateAll((bands) => [...new Set(bands.map((band) => band.dataset.bits))]);
    assert.ok(widths.length >= 2, `the timeline has bands for ${widths} bits only`);

    await page.evaluate(() => document.fonts.ready);
    await mkdir(path.dirname(picture), { recursive: true });
    await page.screenshot({ path: picture });
    if (process.env.INSTANTNET_UPDATE_DOCS === '1') await copyFile(picture, path.join(root, 'docs/dashboard.png'));
    assert.deepEqual(complaints, [], 'the page wrote errors to the console');
    assert.equal(hosts.size, 1, 'the page talked to another host');
  });

  test('ends with everything it started soon after it is told to stop', { timeout: 15_000 }, async () => {
    up.process_.kill('SIGINT');
    const [code] = await once(up.process_, 'exit');
    assert.equal(code, 0);
  });
});
