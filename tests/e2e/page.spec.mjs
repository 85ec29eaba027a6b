// What the page promises beside the answers: text is never lost, links work, both themes and languages are accessible.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Playground } from './playground.mjs';

const pod = (port) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx
    ports:
    - containerPort: 80
      hostPort: ${port}
`;

for (const theme of ['light', 'dark']) {
  for (const lang of ['en-US', 'zh-CN']) {
    test.describe(`${theme}, ${lang}`, () => {
      test.use({ colorScheme: theme, locale: lang });
      test('axe finds nothing serious on any tab', async ({ page }) => {
        const playground = await Playground.open(page);
        for (const tab of ['cluster', 'reach', 'why', 'timeline', 'kubectl']) {
          await playground.tab(tab);
          // What is being asked for anew is dimmed.
          await expect(page.locator('.stale')).toHaveCount(0);
          const { violations } = await new AxeBuilder({ page }).analyze();
          const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
          expect(grave.map(({ id, nodes }) => `${tab}: ${id}: ${nodes[0].html}`)).toEqual([]);
        }
        playground.quiet();
      });
    });
  }
}

for (const width of [360, 768, 1440]) {
  test(`nothing scrolls sideways at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    const playground = new Playground(page);
    await page.goto('./');
    await expect(page.getByTestId('editor')).toBeAttached();
    await playground.answered();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    if (width < 768) await page.getByTestId('pane-result').click();
    for (const tab of ['reach', 'why', 'timeline', 'kubectl', 'cluster']) {
      await playground.tab(tab);
      expect(await overflow(), tab).toBe(0);
      const row = await page.getByRole('tablist').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
      expect(row, `the row of tabs with ${tab}`).toBe(0);
    }
    playground.quiet();
  });
}

test('the text and the settings survive a reload', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(pod(8080));
  await playground.setNodes(7);
  await page.reload();
  await playground.answered();
  await expect(playground.editor).toContainText('hostPort: 8080');
  await expect(page.getByTestId('node-count')).toHaveValue('7');
  playground.quiet();
});

test('a share link opens the same scene elsewhere', async ({ page, browser }) => {
  const playground = await Playground.open(page);
  await playground.type(pod(8081));
  await playground.setNodes(3);
  await page.getByTestId('share').click();
  await page.getByTestId('share-link').click();
  // The browser packs the link, then copies it, in its own time.
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toMatch(/^http.*#.{10}/);
  const link = await copied();

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(link);
  const opened = new Playground(other);
  await opened.answered();
  await expect(opened.editor).toContainText('hostPort: 8081');
  await expect(other.getByTestId('node-count')).toHaveValue('3');
  await elsewhere.close();
  playground.quiet();
});

test('a tampered share link says so and loses nothing', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(pod(8082));
  await page.goto('./#1.AAAA!!!!not-a-link');
  await page.reload();
  await playground.answered();
  await expect(page.getByTestId('notice')).toContainText('damaged');
  await expect(playground.editor).toContainText('hostPort: 8082');
  playground.quiet();
});

test('a problem is marked at its token, a click on it goes there, and its fix is one click away', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(pod(8080).replace('hostPort: 8080', 'hostport: 8080'));
  await expect(page.getByTestId('editor').locator('.cm-lintRange-error')).toHaveText('hostport');
  const problem = playground.problems.filter({ hasText: 'unknown field' });
  await expect(problem).toContainText('spec.containers[0].ports[0].hostport');
  await problem.getByRole('button').first().click();
  expect(await page.evaluate(() => getSelection().toString() || document.activeElement.tagName)).toBeTruthy();
  await problem.getByTestId('problem-fix').click();
  await playground.answered();
  await expect(playground.editor).toContainText('hostPort: 8080');
  await expect(problem).toHaveCount(0);
  playground.quiet();
});

test('a problem is explained in both languages', async ({ page }) => {
  const playground = await Playground.open(page);
  const explanation = playground.problems.filter({ hasText: 'rollout-stuck' }).getByTestId('explanation');
  await explanation.locator('summary').click();
  await expect(explanation).toContainText('A rolling update first starts new pods (maxSurge)');
  await page.getByTestId('language').click();
  await explanation.locator('summary').click();
  await expect(explanation).toContainText(/滚动更新/);
  playground.quiet();
});

test('what the API server adds is shown line by line', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.tab('kubectl');
  const stored = page.getByTestId('stored').filter({ hasText: 'deployment.apps/test-host' });
  await stored.locator('summary').click();
  const line = (text) => stored.locator('pre span').filter({ hasText: new RegExp(`^[+ ] +(- )?${text}`) });
  await expect(line('maxSurge: 25%')).toHaveClass('added');
  await expect(line('protocol: TCP')).toHaveClass('added');
  await expect(line('containerPort: 8086')).not.toHaveClass('added');
  playground.quiet();
});

test('the offers preview their change, apply with one click, and undo works', async ({ page }) => {
  const playground = await Playground.open(page);
  const offer = page.getByTestId('offer').filter({ hasText: 'NodePort' });
  await offer.getByTestId('offer-preview').click();
  await expect(offer.locator('.offer-preview')).toContainText('kind: Service');
  await offer.getByTestId('offer-apply').click();
  await playground.answered();
  await expect(page.getByTestId('pending-pod')).toHaveCount(0);
  await expect(playground.editor).toContainText('NodePort');
  await page.getByTestId('undo').click();
  await playground.answered();
  await expect(page.getByTestId('pending-pod')).toHaveCount(1);
  await expect(playground.editor).not.toContainText('NodePort');
  playground.quiet();
});

test('language and theme are switched and kept', async ({ page }) => {
  const playground = await Playground.open(page);
  await page.getByTestId('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await expect(playground.verdict).toContainText('端口');
  const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByTestId('theme').click();
  const after = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(after).not.toBe(before);
  await page.reload();
  await playground.answered();
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(after);
  playground.quiet();
});

test('the last good result stays while the text is broken', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type('kind: Pod\n  bad: [indent');
  await expect(playground.nodeCards).toHaveCount(4);
  await expect(playground.problems.first()).toContainText('yaml');
  playground.quiet();
});
