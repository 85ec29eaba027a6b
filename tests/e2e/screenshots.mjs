// Screenshots for looking at, not for comparing: `node tests/e2e/screenshots.mjs URL FOLDER [SCENE|WIDTH|light|dark|en|zh ...]`.
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { Playground } from './playground.mjs';

const [url, folder, ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

/** The examples by their place in the menu, which no language changes. */
const example = (order, tab) => async (playground, page) => {
  await page.getByTestId('example-menu').click();
  await page.getByTestId('example-item').nth(order).click();
  await playground.answered();
  await result(page);
  await playground.tab(tab);
};
const typed = (text) => async (playground, page) => {
  await editor(page);
  await playground.type(text);
};
const half = (name) => async (page) => {
  const button = page.getByTestId(`pane-${name}`);
  if (await button.isVisible()) await button.click();
};
const result = half('result');
const editor = half('editor');

const scenes = {
  a: example(0, 'reach'),
  b: example(1, 'cluster'),
  'b-why': example(1, 'why'),
  'b-placed': async (playground, page) => {
    await example(1, 'cluster')(playground, page);
    await page.getByTestId('pod').first().click();
    await playground.answered();
  },
  'b-offer': async (playground, page) => {
    await example(1, 'cluster')(playground, page);
    await page.getByTestId('offer-preview').nth(1).click();
  },
  'b-problems': async (playground, page) => {
    await example(1, 'cluster')(playground, page);
    await editor(page);
  },
  c: example(4, 'cluster'),
  f: example(5, 'reach'),
  g: example(6, 'cluster'),
  web: example(7, 'reach'),
  spread: example(9, 'cluster'),
  'spread-why': example(9, 'why'),
  preemption: example(10, 'kubectl'),
  kubectl: example(1, 'kubectl'),
  timeline: async (playground, page) => {
    await example(1, 'timeline')(playground, page);
    await page.getByTestId('act').selectOption('drain');
    await page.getByTestId('act-now').click();
    await playground.answered();
  },
  'preemption-timeline': example(10, 'timeline'),
  tester: async (playground, page) => {
    await example(7, 'reach')(playground, page);
    await page.getByTestId('tester-url').fill('http://shop.example.com/');
    await page.getByTestId('tester-url').press('Enter');
    await page.getByTestId('tester-outcome').waitFor();
  },
  compare: async (playground, page) => {
    await example(7, 'reach')(playground, page);
    await page.getByTestId('compare').click();
    await page.getByTestId('way-preview').nth(1).click();
  },
  terminal: async (playground, page) => {
    await example(7, 'kubectl')(playground, page);
    await page.getByTestId('command').fill('get all');
    await page.getByTestId('command').press('Enter');
    await page.getByTestId('command-output').first().waitFor();
  },
  dense: async (playground, page) => {
    await example(9, 'cluster')(playground, page);
    await playground.setNodes(240);
  },
  empty: async (playground, page) => {
    await typed('')(playground, page);
    await result(page);
    await playground.tab('cluster');
  },
  'empty-reach': async (playground, page) => {
    await result(page);
    await playground.tab('reach');
  },
  'empty-why': async (playground, page) => playground.tab('why'),
  'empty-kubectl': async (playground, page) => playground.tab('kubectl'),
  broken: async (playground, page) => {
    await example(1, 'cluster')(playground, page);
    await typed('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n\tname: web\nspec: [\n')(playground, page);
  },
  'broken-result': async (playground, page) => result(page),
  wrong: async (playground, page) => {
    await typed('apiVersion: v1\nkind: Pod\nmetadata:\n  name: Web_1\nspec:\n  containers:\n  - name: web\n    image: nginx\n    ports:\n    - containerPort: 80\n      hostport: 8080\n')(playground, page);
  },
  examples: async (playground, page) => {
    await example(0, 'cluster')(playground, page);
    await page.getByTestId('example-menu').click();
  },
  share: async (playground, page) => {
    await page.keyboard.press('Escape');
    await page.getByTestId('share').click();
  },
  settings: async (playground, page) => {
    await page.keyboard.press('Escape');
    await page.getByTestId('cluster-settings').click();
  },
  'settings-end': async (playground, page) => {
    await page.getByTestId('node-settings').first().locator('summary').click();
    await page.getByTestId('reset-cluster').scrollIntoViewIfNeeded();
  },
  keys: async (playground, page) => {
    await page.keyboard.press('Escape');
    await page.getByTestId('share').focus();
    await page.keyboard.press('?');
  },
};

const wanted = (...names) => {
  const asked = only.filter((name) => names.some((group) => group.includes(name)));
  return (name) => asked.length === 0 || asked.includes(name);
};
const widths = [[1440, 900], [768, 1024], [360, 780]];
const widthNames = widths.map(([width]) => String(width));
const isWidth = wanted(widthNames);
const isTheme = wanted(['light', 'dark']);
const isLang = wanted(['en', 'zh']);
const isScene = wanted(Object.keys(scenes));

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const [width, height] of widths.filter(([width]) => isWidth(String(width)))) {
  for (const colorScheme of ['light', 'dark'].filter(isTheme)) {
    for (const locale of ['en-US', 'zh-CN'].filter((locale) => isLang(locale.slice(0, 2)))) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, baseURL: url });
      const page = await context.newPage();
      const playground = await Playground.open(page);
      for (const [name, scene] of Object.entries(scenes)) {
        if (!isScene(name)) continue;
        await scene(playground, page);
        const path = `${folder}/${name}-${width}-${colorScheme}-${locale.slice(0, 2)}`;
        await page.screenshot({ path: `${path}.png` });
        if (width < 1024) await page.screenshot({ path: `${path}-full.png`, fullPage: true });
      }
      await context.close();
    }
  }
}
await browser.close();
