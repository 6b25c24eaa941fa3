#!/usr/bin/env node
// Serves the page with the scripted fleet moving in real time, to look at it by hand. Ctrl-C ends it.
import { rolloutWith, windowMs } from './fleetScript.mjs';
import { ScriptedController } from './scriptedController.mjs';

const controller = await new ScriptedController({ windows: Number(process.argv[2] ?? 280) }).start();
controller.setRollout(rolloutWith({ 'edge-01': { state: 'Downloading', pct: 62, ms: 1800 } }));
process.stdout.write(`${controller.url}\n`);
setInterval(() => controller.tick(), windowMs);
