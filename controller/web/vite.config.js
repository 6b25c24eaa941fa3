import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Relative addresses throughout: the page also works when a reverse proxy serves it below a path.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { outDir: '../server/wwwroot', emptyOutDir: true, assetsInlineLimit: 0 },
  server: { proxy: { '/api': process.env.CONTROLLER_URL ?? 'http://127.0.0.1:8080', '/healthz': process.env.CONTROLLER_URL ?? 'http://127.0.0.1:8080' } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
