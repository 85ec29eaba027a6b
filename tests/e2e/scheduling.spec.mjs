// The scheduler's decisions as the page shows them: why a pod is where it is, other choices, other numbers of nodes, preemption.
import { expect, test } from '@playwright/test';
import { Playground } from './playground.mjs';

const FIVE_ON_FOUR = 'Five replicas';

test('Why shows filters, scores, ties and the choice', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type('apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n');
  await playground.tab('why');
  await playground.answered();
  const scores = page.getByTestId('why-scores');
  // Of the chosen node: a total that is the sum of the weighted scores.
  const chosen = scores.locator('tbody tr').first();
  await expect(chosen).toContainText('chosen');
  const numbers = await chosen.locator('td').evaluateAll((cells) => cells.map((cell) => Number((cell.querySelector('strong') ?? cell.firstChild).textContent)));
  expect(numbers.length).toBeGreaterThan(3);
  expect(numbers.slice(1).reduce((sum, weighted) => sum + weighted, 0)).toBe(numbers[0]);
  await expect(chosen.locator('small').nth(1)).toHaveText(/^-?\d+ → \d+$/);

  await playground.example(FIVE_ON_FOUR);
  await playground.tab('cluster');
  await page.getByTestId('pending-why').click();
  await playground.answered();
  const rows = page.getByTestId('why-row');
  await expect(rows).toHaveCount(4);
  for (const row of await rows.all()) await expect(row).toContainText("NodePorts: node(s) didn't have free ports for the requested pod ports");
  await expect(page.getByTestId('why-plain')).toContainText('8086');
  playground.quiet();
});

test('another choice among equals is another legal run, and the seed says which', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type('apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n');
  await playground.setNodes(6);
  await playground.tab('why');
  const placed = page.locator('.why-decision strong');
  await expect(page.locator('.why-decision')).toContainText('6');
  const seen = new Set();
  for (let run = 0; run < 12 && seen.size < 3; run += 1) {
    seen.add(await placed.textContent());
    await page.getByTestId('shuffle').click();
    await playground.answered();
  }
  expect(seen.size).toBeGreaterThanOrEqual(3);
  const last = await placed.textContent();
  // The seed is part of the scene: a reload shows the same run.
  await page.reload();
  await playground.answered();
  await playground.tab('why');
  await expect(placed).toHaveText(last);
  playground.quiet();
});

test('the chart tells what other numbers of nodes give, and sets them', async ({ page }) => {
  const playground = await Playground.open(page);
  const columns = page.getByTestId('nodes-column');
  const told = () => columns.evaluateAll((all) => all.map(({ dataset }) => [dataset.nodes, dataset.running, dataset.waiting].map(Number)));
  expect(await told()).toEqual([[1, 1, 4], [2, 2, 3], [3, 3, 2], [4, 4, 1], [5, 5, 0], [6, 5, 0]]);
  await expect(columns.nth(3)).toHaveAttribute('aria-pressed', 'true');
  await columns.nth(4).click();
  await playground.answered();
  await expect(playground.nodeCards).toHaveCount(5);
  await expect(playground.pendingMessages).toHaveCount(0);
  await expect(columns.nth(4)).toHaveAttribute('aria-pressed', 'true');
  playground.quiet();
});

test('a pod of high priority preempts, and that is told', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.example('Preemption');
  await playground.tab('kubectl');
  await expect(page.getByTestId('kubectl-events')).toContainText(/Preempted by pod [0-9a-f-]+ on node node-\d/);
  await playground.tab('timeline');
  await expect(page.getByTestId('pod-change').filter({ hasText: 'urgent' })).toContainText(/did not exist.*Running · node-\d/);
  await expect(page.getByTestId('pod-change').filter({ hasText: 'gone' })).toContainText('batch-');
  await playground.tab('cluster');
  await expect(playground.pendingMessages).not.toHaveCount(0);
  // With room for all nobody has to go.
  await playground.setNodes(6);
  await expect(playground.pendingMessages).toHaveCount(0);
  await playground.tab('kubectl');
  await expect(page.getByTestId('kubectl-events')).not.toContainText('Preempted');
  playground.quiet();
});
