// End-to-end tests on the release build in dist/, served from a sub-folder as a static host would.
import { defineConfig } from '@playwright/test';

const port = Number(process.env.E2E_PORT ?? 4173);
const base = `http://127.0.0.1:${port}/docs/play/`;

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.mjs',
  outputDir: '../../test-results',
  // Two cores: a browser and the server.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Far beyond what anything takes: only a hang is to end a test, never a machine that has just started.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  use: {
    baseURL: base,
    browserName: 'chromium',
    locale: 'en-US',
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `cargo xtask serve --no-build --port ${port} --base /docs/play/`,
    url: base,
    cwd: '../..',
    reuseExistingServer: false,
    timeout: 120_000,
  },
});
