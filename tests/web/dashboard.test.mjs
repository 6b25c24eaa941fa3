// What a person sees in a real browser. The controller is scripted: time moves when a test says so.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser, openPage } from './browser.mjs';
import { deviceIds, rolloutWith, windowMs } from './fleetScript.mjs';
import { ScriptedController } from './scriptedController.mjs';

/** Longest wait for anything to show up on the page, milliseconds. */
const patience = 15_000;

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

/** Runs a test with its own controller and page; fails it when the page complained or talked to another host. */
async function onPage(options, body) {
  const controller = await new ScriptedController(options).start();
  options.prepare?.(controller);
  const opened = await openPage(browser, controller.url + (options.hash ?? ''), options);
  try {
    await opened.page.getByTestId('connection').and(opened.page.locator('[data-state=live]')).waitFor({ timeout: patience });
    await body({ controller, ...opened, see: (id) => opened.page.getByTestId(id) });
    assert.deepEqual(opened.complaints, [], 'the page wrote errors to the console');
    assert.deepEqual([...opened.hosts], [new URL(controller.url).host], 'the page talked to another host');
  } finally {
    await opened.page.context().close();
    await controller.stop();
  }
}

/** Waits until an element's text holds what is wanted. */
async function reads(locator, wanted) {
  await locator.filter({ hasText: wanted }).first().waitFor({ timeout: patience });
}

async function attribute(locator, name, accept) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await locator.getAttribute(name, { timeout: patience });
    if (accept(value)) return value;
    if (Date.now() > end) assert.fail(`${name} is still ${value} after ${patience} ms`);
    await locator.page().waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => resolve(true))));
  }
}

const background = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);
const samplesShown = (see) => attribute(see('timeline'), 'data-samples', () => true).then(Number);

/** The precisions a device went through in the script, without repetitions. */
function precisionsOf(samples) {
  return samples.map((sample) => sample.bits).filter((bits, index, all) => bits !== all[index - 1]);
}

describe('the device list', () => {
  test('shows each device with status, battery, precision and reason, latency and energy with their sources', () =>
    onPage({}, async ({ see, controller }) => {
      for (const id of deviceIds) {
        const view = controller.view(id);
        await reads(see(`device-${id}`), id);
        const row = await see(`device-${id}`).innerText();
        for (const part of ['Online', `${view.bits} bit`, view.reason, view.latencySource, view.energySource, view.release, `${view.framesTotal.toLocaleString('en')}`]) {
          assert.ok(row.includes(part), `the row of ${id} does not say "${part}": ${row}`);
        }
      }
      assert.match(await see('battery-eyeriss-01').innerText(), /^\d+ %$/);
      assert.equal(await see('battery-cpu-01').innerText(), 'no battery');
      assert.equal((await see('devices-online').innerText()).replace(/\s/g, ''), '3/3');
    }));

  test('follows new telemetry without a reload', () =>
    onPage({ hash: '#eyeriss-01' }, async ({ page, see, controller }) => {
      await page.evaluate(() => (window.loadedOnce = true));
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) >= 200);
      controller.tick(20);
      await reads(see('battery-eyeriss-01'), `${Math.round(controller.view('eyeriss-01').batteryPct)} %`);
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) >= 220);
      assert.equal(await page.evaluate(() => window.loadedOnce), true);
    }));

  test('says that a device went offline, and greys what it last said', () =>
    onPage({}, async ({ see, controller }) => {
      controller.setView('edge-01', { online: false, lastSeen: new Date(Date.now() - 60_000).toISOString() });
      await reads(see('presence-edge-01'), 'Offline');
      await reads(see('device-edge-01'), /seen \d+ s ago/);
      assert.match(await see('battery-edge-01').evaluate((cell) => getComputedStyle(cell).filter), /grayscale/);
      assert.equal((await see('devices-online').innerText()).replace(/\s/g, ''), '2/3');
    }));

  test('leads to the alarms that a device raised', () =>
    onPage({ hash: '#edge-01' }, async ({ see, page, controller }) => {
      controller.setView('edge-01', { alarms: [{ key: 'spool-full', text: 'The telemetry spool is full.', ts: new Date().toISOString() }] });
      await reads(page.getByRole('alert'), 'The telemetry spool is full.');
      controller.setView('edge-01', { alarms: [] });
      await page.getByRole('alert').waitFor({ state: 'detached', timeout: patience });
      await reads(see('detail'), 'edge-01');
    }));

  test('is walked with the keyboard, and the address keeps the choice', () =>
    onPage({}, async ({ page, see }) => {
      await attribute(see('detail'), 'data-device', (device) => device === 'cpu-01');
      await see('device-list').focus();
      await page.keyboard.press('ArrowDown');
      await attribute(see('detail'), 'data-device', (device) => device === 'edge-01');
      await page.keyboard.press('End');
      await attribute(see('detail'), 'data-device', (device) => device === 'eyeriss-01');
      assert.equal(await see('device-eyeriss-01').getAttribute('aria-selected'), 'true');
      assert.equal(new URL(page.url()).hash, '#eyeriss-01');
      await page.keyboard.press('Home');
      await attribute(see('detail'), 'data-device', (device) => device === 'cpu-01');
    }));

  test('draws only the rows in sight of a thousand devices, and finds one by its name', () =>
    onPage({}, async ({ page, see, controller }) => {
      const view = controller.view('cpu-01');
      for (let number = 0; number < 1000; number++) controller.setView(`node-${number}`, { ...view });
      await reads(see('devices-online'), '1003');
      assert.ok((await page.locator('.device-row').count()) < 40, 'all rows were drawn');
      await see('device-list').focus();
      await page.keyboard.press('End');
      await see('device-node-999').waitFor({ timeout: patience });
      await page.getByRole('searchbox').fill('node-51');
      await see('device-node-51').waitFor({ timeout: patience });
      assert.equal(await page.locator('.device-row').count(), 11);
    }));

  test('tells what to do while no device has reported', () =>
    onPage({ devices: [] }, async ({ see, page }) => {
      await reads(see('devices-empty'), 'No device has reported yet.');
      await reads(see('devices-empty'), './instantnet device add');
      await reads(see('rollout'), 'No rollout yet.');
      assert.equal(await page.getByTestId('detail').count(), 0);
    }));
});

describe('the time line', () => {
  test('has a band per stretch of one precision, in the colours of chip and legend', () =>
    onPage({ windows: 280, hash: '#eyeriss-01' }, async ({ page, see, controller }) => {
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) >= 280);
      const expected = precisionsOf(controller.samples('eyeriss-01'));
      assert.deepEqual(expected, [32, 8, 4, 8, 32], 'the script should go down and up again');
      const bands = await see('band').evaluateAll((all) => all.map((band) => Number(band.dataset.bits)));
      assert.deepEqual(bands, expected);

      const colours = new Map();
      for (const bits of new Set(expected)) {
        const band = await page.locator(`[data-testid=band][data-bits="${bits}"] .band-strip`).first().evaluate((strip) => getComputedStyle(strip).fill);
        const legend = await background(see('detail').getByTestId(`legend-${bits}`).locator('.chip-swatch'));
        assert.equal(band, legend, `band and legend of ${bits} bit differ`);
        colours.set(bits, band);
      }
      assert.equal(new Set(colours.values()).size, 3, 'two precisions share a colour');
      assert.equal(await background(see('precision-eyeriss-01').locator('.chip-swatch')), colours.get(controller.view('eyeriss-01').bits));
    }));

  test('lists each switch with its reason', () =>
    onPage({ windows: 280, hash: '#eyeriss-01' }, async ({ see }) => {
      await reads(see('switch'), '32 → 8 bit');
      const told = (await see('switch').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
      assert.equal(told.length, 4);
      assert.match(told[0], /^8 → 32 bit at 5[3-5] % battery, charging/);
      assert.match(told[2], /^8 → 4 bit at (19|20) % battery \d\d:/);
      assert.match(told[3], /^32 → 8 bit at (49|50) % battery \d\d:/);
    }));

  test('shows a switch as it happens', () =>
    onPage({ windows: 80, hash: '#eyeriss-01' }, async ({ see, controller }) => {
      await reads(see('precision-eyeriss-01'), '32 bit');
      while (controller.view('eyeriss-01').bits === 32) controller.tick();
      await reads(see('precision-eyeriss-01'), '8 bit');
      await reads(see('switch'), '32 → 8 bit');
    }));

  test('puts samples that arrive late where they belong, and marks them', () =>
    onPage({ windows: 60, hash: '#edge-01' }, async ({ see, controller }) => {
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) >= 60);
      controller.tick(20, { silent: ['edge-01'] });
      controller.tick(4);
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) === 64);
      const path = () => see('lane-battery').locator('.lane-line').count();
      assert.equal(await path(), 2, 'missing windows should interrupt the line');
      for (const sample of controller.samples('edge-01').slice(-24, -4)) controller.send('telemetry', { device: 'edge-01', sample });
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) === 84);
      assert.equal(await path(), 1, 'the line should be whole again');
      assert.equal(await see('late').count(), 20);
      controller.send('telemetry', { device: 'edge-01', sample: controller.samples('edge-01')[70] });
      controller.tick();
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) === 85);
    }));

  test('is read by pointing and with the arrow keys', () =>
    onPage({ windows: 110, hash: '#eyeriss-01' }, async ({ page, see, controller }) => {
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) >= 110);
      const box = await see('timeline').boundingBox();
      await page.mouse.move(box.x + box.width * 0.7, box.y + 150);
      await attribute(see('readout'), 'data-pointed', (pointed) => pointed === 'true');
      const pointed = await see('readout').innerText();
      assert.match(pointed, /\d\d:\d\d:\d\d/);
      assert.match(pointed, /\d bit/);
      await page.mouse.move(5, 5);
      await attribute(see('readout'), 'data-pointed', (value) => value === 'false');
      await see('timeline').focus();
      await page.keyboard.press('ArrowLeft');
      await reads(see('readout'), `${controller.samples('eyeriss-01').at(-2).batteryPct.toFixed(1)} %`);
      await page.keyboard.press('Escape');
      await attribute(see('readout'), 'data-pointed', (value) => value === 'false');
    }));

  test('says in the head whether a policy was sent or is applied', () =>
    onPage({ hash: '#edge-01' }, async ({ see, controller }) => {
      await reads(see('detail'), 'policy 1 applied');
      controller.setView('edge-01', { desiredVersion: 2 });
      await reads(see('detail'), 'policy 2 sent, not yet acknowledged');
      controller.setView('edge-01', { reportedVersion: 2, policyFaults: ['min (16-bit) is above max (8-bit).'] });
      await reads(see('detail'), 'The device refused policy version 2: min (16-bit) is above max (8-bit).');
    }));
});

describe('a rollout', () => {
  test('moves wave by wave from queued to committed', () =>
    onPage({ prepare: (controller) => controller.setRollout(rolloutWith({})) }, async ({ see, controller }) => {
      await reads(see('rollout-state'), 'Running');
      await reads(see('wave-1'), 'waiting');
      await reads(see('execution-edge-01'), 'Queued');
      controller.setRollout(rolloutWith({ 'edge-01': { state: 'Downloading', pct: 42, ms: 900 } }));
      await reads(see('execution-edge-01'), 'Downloading 42 %');
      controller.setRollout(rolloutWith({ 'edge-01': { state: 'Trial' } }));
      await reads(see('execution-edge-01'), 'Trial');
      controller.setRollout(rolloutWith({ 'edge-01': { state: 'Committed' }, 'eyeriss-01': { state: 'Committed' } }, 'completed'));
      await reads(see('rollout-state'), 'Completed');
      await reads(see('execution-eyeriss-01'), 'Committed');
      assert.equal(await see('rollout-progress').getAttribute('aria-valuenow'), '3');
      assert.equal(await see('rollout-progress').getAttribute('aria-valuetext'), '3 of 3 committed');
    }));

  test('that ends badly says the code and why', () =>
    onPage({}, async ({ see, controller }) => {
      const bad = { state: 'Rejected', code: 'BadSignature', detail: 'The signature is not from a key this device trusts.' };
      controller.setRollout({ ...rolloutWith({ 'edge-01': bad }, 'failed'), reason: 'Wave 2 failed: 1 of 1 devices ended badly.' });
      await reads(see('rollout-state'), 'Failed');
      await reads(see('execution-edge-01'), 'BadSignature');
      await reads(see('execution-edge-01'), bad.detail);
      await reads(see('rollout'), 'Wave 2 failed: 1 of 1 devices ended badly.');
      assert.equal(await see('execution-edge-01').getAttribute('data-tone'), 'bad');
    }));
});

describe('the link to the controller', () => {
  test('that breaks turns the page stale with its age, and recovers with nothing missing', () =>
    onPage({ windows: 60, hash: '#eyeriss-01' }, async ({ see, controller, complaints }) => {
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) >= 60);
      controller.cut();
      await reads(see('connection'), /Reconnecting since \d\d:\d\d:\d\d/);
      await reads(see('data-age'), /data [1-9]\d* s old/);
      assert.equal(await see('page').getAttribute('data-stale'), 'true');
      assert.match(await see('detail').evaluate((card) => getComputedStyle(card.parentElement).filter), /grayscale/);
      assert.match(await see('samples-rate').innerText(), /^–/);
      assert.equal(await samplesShown(see), 60, 'what was known should stay');

      controller.tick(10);
      controller.restore();
      await attribute(see('connection'), 'data-state', (state) => state === 'live');
      await attribute(see('page'), 'data-stale', (stale) => stale === 'false');
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) === 70);
      assert.equal(await see('late').count(), 0);
      assert.equal(controller.streamCount, 1, 'one stream, not one per attempt');
      // The browser itself reports each refused connection; the page must add nothing to that.
      assert.deepEqual(complaints.filter((text) => !text.startsWith('Failed to load resource')), []);
      complaints.length = 0;
    }));

  test('carries events of a newer controller without harm', () =>
    onPage({ hash: '#edge-01' }, async ({ see, controller }) => {
      controller.send('weather', { sky: 'blue' });
      controller.send('device', 'not json');
      controller.send('telemetry', { device: 'edge-01', sample: { bits: 'many' } });
      controller.send('rollout', []);
      controller.setView('edge-01', { bits: 3, reason: 'moonlight', latencySource: 'divined', somethingNew: {} });
      await reads(see('precision-edge-01'), '3 bit');
      await reads(see('precision-edge-01'), 'moonlight');
      await reads(see('device-edge-01'), 'unknown');
    }));

  test('shows how many samples a second arrive', () =>
    onPage({}, async ({ see, controller }) => {
      const feeding = setInterval(() => controller.tick(), windowMs);
      try {
        await reads(see('samples-rate'), /^[4-8]\.\d samples\/s/);
      } finally {
        clearInterval(feeding);
      }
    }));
});

describe('the page', () => {
  test('fits windows from a phone to a wall', () =>
    onPage({ hash: '#eyeriss-01', prepare: (controller) => controller.setRollout(rolloutWith({})) }, async ({ page, see }) => {
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) >= 200);
      for (const width of [400, 600, 768, 910, 1200, 1345, 1440, 2200]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForFunction(() => document.querySelector('[data-testid=timeline]').getBoundingClientRect().right < window.innerWidth, undefined, { timeout: patience });
        for (const id of deviceIds) await see(`device-${id}`).scrollIntoViewIfNeeded();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(overflow, 0, `at ${width} pixels the page is ${overflow} too wide`);
        const list = await page.locator('.devices-scroll').evaluate((box) => box.scrollWidth - box.clientWidth);
        assert.equal(list, 0, `at ${width} pixels the device list is ${list} too wide`);
      }
    }));

  test('is dark where the system is', () =>
    onPage({ colorScheme: 'dark' }, async ({ page }) => {
      const channels = (await background(page.locator('body'))).match(/\d+/g).map(Number);
      assert.ok(Math.max(...channels) < 60, `the background is rgb(${channels})`);
    }));

  test('gives every control a name and every list its headings', () =>
    onPage({ windows: 280, hash: '#eyeriss-01' }, async ({ page, see }) => {
      await attribute(see('timeline'), 'data-samples', (shown) => Number(shown) >= 280);
      await page.getByRole('grid', { name: 'Devices' }).waitFor({ timeout: patience });
      for (const name of ['Device', 'Status', 'Battery', 'Precision', 'Release']) await page.getByRole('columnheader', { name, exact: true }).waitFor({ timeout: patience });
      await page.getByRole('img', { name: /Battery, latency, energy per frame and bit-width of eyeriss-01/ }).waitFor({ timeout: patience });
      await page.getByRole('button', { name: '10 min' }).click();
      assert.equal(await page.getByRole('button', { name: '10 min' }).getAttribute('aria-pressed'), 'true');
      await page.getByText('Last 20 windows as a table').click();
      assert.equal(await page.getByRole('region', { name: 'Samples' }).locator('tbody tr').count(), 20);
      assert.equal(await page.locator('button:not([aria-label]):empty, img:not([alt])').count(), 0);
    }));
});
