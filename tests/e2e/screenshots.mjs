// Screenshots for looking at, not for comparing: `node tests/e2e/screenshots.mjs URL FOLDER`.
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { Playground } from './playground.mjs';

const [url, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const scenes = [
  { name: 'a', en: 'A Pod on the host network', tab: 'reach' },
  { name: 'b', en: 'Five replicas, four nodes', tab: 'cluster' },
  { name: 'b-why', en: 'Five replicas, four nodes', tab: 'why' },
  { name: 'f', en: 'One database, five ways in', tab: 'reach' },
];
for (const [width, height] of [[1440, 900], [768, 1024], [360, 780]]) {
  for (const colorScheme of ['light', 'dark']) {
    for (const locale of ['en-US', 'zh-CN']) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, baseURL: url });
      const page = await context.newPage();
      const playground = await Playground.open(page);
      for (const [index, scene] of scenes.entries()) {
        const order = { a: 0, b: 1, 'b-why': 1, f: 5 }[scene.name];
        await page.getByTestId('example-menu').click();
        await page.getByTestId('example-item').nth(order).click();
        await playground.answered();
        if (await page.getByTestId('pane-result').isVisible().catch(() => false)) await page.getByTestId('pane-result').click();
        await playground.tab(scene.tab);
        await page.screenshot({ path: `${folder}/${scene.name}-${width}-${colorScheme}-${locale.slice(0, 2)}.png` });
        if (index === 0 && width === 360) await page.screenshot({ path: `${folder}/full-${width}-${colorScheme}-${locale.slice(0, 2)}.png`, fullPage: true });
      }
      await context.close();
    }
  }
}
await browser.close();
