// The cases of the article that the playground began with, each asserting what the page shows.
import { expect, test } from '@playwright/test';
import { Playground } from './playground.mjs';

const portsTaken = "node(s) didn't have free ports for the requested pod ports";

test('a: a hostNetwork Pod without ports answers at the default port of its image', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.example('A Pod on the host network');
  await expect(playground.nodeCards).toHaveCount(4);
  const card = playground.nodeCards.filter({ has: page.getByTestId('pod') });
  await expect(card).toHaveCount(1);
  const address = await card.locator('.node-ip').first().textContent();

  await playground.tab('kubectl');
  await expect(page.getByTestId('kubectl-pods')).toContainText(new RegExp(`influxdb +1/1 +Running +0 +\\S+ +${address} +node-`));

  await playground.tab('reach');
  await expect(playground.routes).toHaveCount(1);
  await expect(page.getByTestId('route-url')).toHaveText(`http://${address}:8086/`);
  await expect(playground.routes).toContainText(`curl -v http://${address}:8086/ping`);
  await expect(playground.routes).toContainText("from the image's default");
  playground.quiet();
});

test('b: five replicas on four nodes leave one Pending, and a fifth node clears it', async ({ page }) => {
  const playground = await Playground.open(page);
  for (const node of ['node-1', 'node-2', 'node-3', 'node-4']) await expect(playground.podsOn(node)).toHaveCount(1);
  await expect(playground.pendingMessages).toHaveText([
    `0/4 nodes are available: 4 ${portsTaken}. no new claims to deallocate, preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod.`,
  ]);
  await expect(playground.verdict).toContainText('4 of 5 pods run');
  await expect(playground.verdict).toContainText('port 8086');
  await expect(playground.verdict).toContainText('5 nodes');

  await page.getByTestId('offer').first().getByTestId('offer-apply').click();
  await playground.answered();
  await expect(page.getByTestId('node-count')).toHaveValue('5');
  await expect(playground.pendingMessages).toHaveCount(0);
  await expect(playground.verdict).toContainText('5 pods');
  playground.quiet();
});

test('c: a nodeSelector that two nodes match leaves three Pending with a mixed message', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.example('The same with a nodeSelector');
  await expect(playground.nodeCards.getByTestId('pod')).toHaveCount(2);
  const message = `0/4 nodes are available: 2 ${portsTaken}, 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/4 nodes are available: 2 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.`;
  await expect(playground.pendingMessages).toHaveText([message, message, message]);
  playground.quiet();
});

test('d: the second Deployment on a port gets what is left, and names the holder', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.example('Two Deployments, one port');
  await expect(page.getByTestId('pending-pod').first()).toBeVisible();
  const pending = await page.getByTestId('pending-pod').count();
  const placed = await playground.nodeCards.getByTestId('pod').count();
  expect(placed).toBe(await playground.nodeCards.count());
  expect(pending).toBeGreaterThan(0);
  await expect(playground.pendingMessages.first()).toContainText(portsTaken);

  await page.getByTestId('pending-why').first().click();
  await expect(page.getByTestId('why-matrix')).toBeVisible();
  await expect(page.getByTestId('why-row').first()).toContainText('NodePorts');
  await expect(page.getByTestId('why-plain')).toContainText('default/');
  playground.quiet();
});

test('e: only the DaemonSet that tolerates the taint runs on the control plane', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.example('Two DaemonSets');
  const controlPlane = playground.nodeCards.filter({ hasText: 'node-role.kubernetes.io/control-plane:NoSchedule' });
  await expect(controlPlane).toHaveCount(1);
  await expect(controlPlane.getByTestId('pod')).toHaveCount(1);
  await expect(controlPlane.getByTestId('pod')).toContainText('flannel');
  const worker = playground.nodeCards.filter({ hasNotText: 'control-plane:NoSchedule' }).first();
  await expect(worker.getByTestId('pod')).toHaveCount(2);
  await expect(page.getByTestId('pending-pod')).toHaveCount(0);
  playground.quiet();
});

test('f: the same database is reachable in all five ways', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.example('One database, five ways in');
  await playground.tab('reach');
  const route = (kind, source) =>
    page.locator(`[data-testid="route-row"][data-kind="${kind}"]`).filter({ hasText: source });
  const url = (kind, source) => route(kind, source).getByTestId('route-url');

  await expect(url('hostNetwork', 'influxdb-hostnetwork')).toHaveText(/^http:\/\/10\.0\.0\.1\d:8086\/$/);
  await expect(url('hostPort', 'influxdb-hostport')).toHaveText(/^http:\/\/10\.0\.0\.1\d:9086\/$/);
  await expect(url('NodePort', 'influxdb-nodeport')).toHaveText(/^http:\/\/10\.0\.0\.1\d:30000\/$/);
  await expect(route('NodePort', 'influxdb-nodeport')).toContainText('node-5');
  await expect(route('NodePort', 'influxdb-nodeport')).toContainText('rewritten');
  await expect(url('LoadBalancer', 'influxdb-loadbalancer')).toHaveText(/:8086\/$/);
  await expect(url('Ingress', 'influxdb-ingress')).toHaveText('http://influxdb.example.com/');
  await expect(route('hostNetwork', 'influxdb-hostnetwork')).toContainText('kept');
  await expect(page.locator('[data-testid="route-row"][data-state="Blocked"]')).toHaveCount(0);
  playground.quiet();
});

test('g: without declared ports two replicas share a node, and crash at bind', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.example('No ports declared');
  await expect(playground.nodeCards).toHaveCount(2);
  await expect(page.getByTestId('pending-pod')).toHaveCount(0);
  await expect(playground.nodeCards.getByTestId('pod')).toHaveCount(5);
  await expect(playground.nodeCards.getByTestId('pod').filter({ hasText: 'CrashLoopBackOff' })).toHaveCount(3);
  await expect(playground.verdict).toContainText('3');
  await playground.tab('reach');
  await expect(page.locator('[data-testid="route-row"][data-state="Reachable"]')).toHaveCount(2);
  playground.quiet();
});
