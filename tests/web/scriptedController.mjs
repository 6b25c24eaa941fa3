import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deviceIds, sampleAt, viewAt, windowMs } from './fleetScript.mjs';

const wwwroot = process.env.DASHBOARD_ROOT ?? fileURLToPath(new URL('../../controller/server/wwwroot', import.meta.url));
const contentTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

/**
 * Serves the built page and speaks the controller's REST and event-stream contract from a script.
 * Time moves only when `tick` is called, so a test decides what happens and waits for nothing.
 */
export class ScriptedController {
  #server = createServer((request, response) => this.#answer(request, response));
  #streams = new Set();
  #samples = new Map();
  #views = new Map();
  #rollouts = new Map();
  #window = 0;
  #end;
  #cut = false;

  /** @param windows How much past there is. @param devices Which devices of the script have reported. */
  constructor({ windows = 200, devices = deviceIds } = {}) {
    if (!existsSync(join(wwwroot, 'index.html'))) throw new Error(`The page is not built: run "npm run build" in controller/web first (${wwwroot} has no index.html).`);
    this.devices = devices;
    this.#end = Date.now() - windows * windowMs;
    for (const id of devices) this.#samples.set(id, []);
    for (let made = 0; made < windows; made++) this.#advance();
    // While cut, the machine is there but nobody answers: what a killed controller looks like.
    this.#server.on('connection', (socket) => this.#cut && socket.destroy());
  }

  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}/`;
    return this;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get streamCount() {
    return this.#streams.size;
  }

  /** Ends every connection and refuses new ones. */
  cut() {
    this.#cut = true;
    this.#server.closeAllConnections();
  }

  restore() {
    this.#cut = false;
  }

  /** One more telemetry window of each device, told to every page unless `silent`. @returns The newest samples by device. */
  tick(windows = 1, { silent = [] } = {}) {
    for (let made = 0; made < windows; made++) {
      this.#advance();
      for (const id of this.devices) {
        if (silent.includes(id)) continue;
        this.send('telemetry', { device: id, sample: this.#samples.get(id).at(-1) });
        this.send('device', this.#views.get(id));
      }
    }
  }

  /** Replaces a view and tells every page. */
  setView(id, change) {
    this.#views.set(id, { ...this.#views.get(id), ...change, id });
    this.send('device', this.#views.get(id));
  }

  /** Replaces a rollout and tells every page. */
  setRollout(rollout) {
    this.#rollouts.set(rollout.id, rollout);
    this.send('rollout', rollout);
  }

  view(id) {
    return this.#views.get(id);
  }

  samples(id) {
    return this.#samples.get(id);
  }

  send(event, data) {
    const text = `event: ${event}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
    for (const stream of this.#streams) stream.write(text);
  }

  #advance() {
    this.#end += windowMs;
    for (const id of this.devices) {
      this.#samples.get(id).push(sampleAt(id, this.#window, this.#end));
      this.#views.set(id, { ...viewAt(id, this.#window, this.#end) });
    }
    this.#window++;
  }

  #answer(request, response) {
    const url = new URL(request.url, this.url);
    const telemetry = /^\/api\/v1\/devices\/([^/]+)\/telemetry$/.exec(url.pathname);
    if (url.pathname === '/api/v1/stream') return this.#openStream(response);
    if (url.pathname === '/api/v1/devices') return json(response, [...this.#views.values()]);
    if (url.pathname === '/api/v1/rollouts') return json(response, [...this.#rollouts.values()]);
    if (url.pathname === '/healthz') return json(response, { status: 'healthy' });
    if (telemetry) return this.#answerTelemetry(telemetry[1], url.searchParams, response);
    return serveFile(url.pathname, response);
  }

  #answerTelemetry(id, query, response) {
    const all = this.#samples.get(id) ?? (this.#views.has(id) ? [] : undefined);
    if (!all) return json(response, { title: 'No such device.' }, 404);
    const from = Date.parse(query.get('from') ?? '') || 0;
    const samples = all.filter((sample) => Date.parse(sample.ts) >= from).slice(-Number(query.get('max') ?? 500));
    return json(response, { samples, storedTotal: all.length });
  }

  #openStream(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`event: hello\ndata: ${JSON.stringify({ now: new Date(Math.max(this.#end, Date.now())).toISOString(), controller: '1.0.0' })}\n\n`);
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }
}

function json(response, value, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function serveFile(path, response) {
  const file = normalize(join(wwwroot, path === '/' ? 'index.html' : path));
  if (!file.startsWith(normalize(wwwroot)) || !existsSync(file)) return json(response, { title: 'Not found.' }, 404);
  response.writeHead(200, { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream' });
  return createReadStream(file).pipe(response);
}
