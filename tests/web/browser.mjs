import { chromium } from 'playwright-core';

/** Debian's browser; CHROMIUM names another one. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--metrics-recording-only',
];

/** A headless browser that talks to nobody but the pages it is sent to. */
export function launchBrowser() {
  return chromium.launch({ executablePath, headless: true, args: quiet });
}

/**
 * Opens a page and notes what it complains about and which hosts it talks to.
 * @returns {Promise<{page: import('playwright-core').Page, complaints: string[], hosts: Set<string>}>}
 */
export async function openPage(browser, url, { width = 1440, height = 1000, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  const complaints = [];
  const hosts = new Set();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(url);
  return { page, complaints, hosts };
}
