// What a visit loads, and when. `cargo xtask size` counts by the same lists.
import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { Playground } from './playground.mjs';

const { files } = JSON.parse(execFileSync('cargo', ['xtask', 'size', '--format', 'json'], { encoding: 'utf8' }));
const firstLoad = Object.keys(files.first_load).sort();
const engine = Object.keys(files.engine).sort();

/** Names below dist/ of what the page asks for from now on. */
function requests(page) {
  const names = new Set();
  page.on('request', (request) => {
    const { protocol, pathname } = new URL(request.url());
    if (protocol === 'http:') names.add(pathname.split('/docs/play/')[1] || 'index.html');
  });
  return names;
}

test('a first visit loads no engine, and the first touch does', async ({ page }) => {
  const asked = requests(page);
  const playground = await Playground.open(page);
  await expect(playground.nodeCards).toHaveCount(4);
  await expect(playground.pendingMessages).toHaveCount(1);
  await page.waitForLoadState('networkidle');
  await expect.poll(() => [...asked].sort()).toEqual(firstLoad);

  asked.clear();
  await page.getByTestId('node-count').click();
  await expect.poll(() => [...asked].sort()).toEqual(engine);
  await playground.setNodes(5);
  await expect(playground.nodeCards).toHaveCount(5);
  await expect(playground.pendingMessages).toHaveCount(0);
  playground.quiet();
});

test('an example is shown by its prepared answer, and says what the engine says', async ({ page }) => {
  const playground = await Playground.open(page);
  const asked = requests(page);
  await playground.example('A Pod on the host network');
  expect([...asked]).toContain('answers/influx-pod.bin');
  const prepared = await page.getByTestId('panel-cluster').textContent();
  const verdict = await playground.verdict.textContent();
  // A comment changes nothing but the text, and no prepared answer belongs to it any more.
  await playground.type(`${await text(page)}\n# the same again`);
  expect(await page.getByTestId('panel-cluster').textContent()).toBe(prepared);
  expect(await playground.verdict.textContent()).toBe(verdict);
  playground.quiet();
});

test('without the prepared answer the engine answers', async ({ page }) => {
  await page.route('**/answers/**', (route) => route.abort());
  const playground = await Playground.open(page);
  await expect(playground.nodeCards).toHaveCount(4);
  await expect(playground.pendingMessages).toHaveCount(1);
});

/** The text as it is saved. */
const text = (page) => page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith('text'))[1]);
