// What happens after the manifest was applied: steps, what each changed, and updates.
import { expect, test } from '@playwright/test';
import { Playground } from './playground.mjs';

/** Makes something happen. */
async function act(page, playground, what, target) {
  await page.getByTestId('act').selectOption(what);
  if (target) await page.getByTestId('act-target').selectOption(target);
  await page.getByTestId('act-now').click();
  await playground.answered();
}

const host = (replicas, image = 'influxdb') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: db
spec:
  replicas: ${replicas}
  strategy: {type: Recreate}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      hostNetwork: true
      containers:
      - name: db
        image: ${image}
        ports:
        - containerPort: 8086
`;

test('a container restart keeps the address, a new pod has another', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(host(1));
  await playground.setNodes(3);
  await playground.tab('timeline');
  await act(page, playground, 'restart-container');
  const changes = page.getByTestId('pod-change');
  await expect(changes).toHaveCount(1);
  const cells = changes.first().locator('td');
  const before = await cells.nth(0).textContent();
  await expect(cells.nth(1)).toHaveText(`${before} · 1 restart`);
  await expect(page.locator('.urls-gone')).toHaveCount(0);

  const [, node, address] = before.split(' · ');
  await act(page, playground, 'cordon', node);
  await act(page, playground, 'delete-pod');
  await expect(changes).toHaveCount(2);
  await expect(changes.nth(0)).toContainText(`Running · ${node} · ${address}`);
  await expect(changes.nth(0)).toContainText('gone');
  await expect(changes.nth(1)).toContainText('did not exist');
  await expect(changes.nth(1)).not.toContainText(address);
  await expect(page.locator('.urls-gone code')).toHaveText(`http://${address}:8086/`);
  const now = await page.locator('.urls-new code').textContent();
  expect(now).not.toBe(`http://${address}:8086/`);
  // The routes are those of the state that is seen.
  await playground.tab('reach');
  await expect(page.getByTestId('route-url').filter({ hasText: '8086' })).toHaveText([now]);

  await playground.tab('timeline');
  await page.getByTestId('step-back').click();
  await playground.answered();
  await playground.tab('reach');
  await expect(page.getByTestId('route-url').filter({ hasText: '8086' })).toHaveText([`http://${address}:8086/`]);
  playground.quiet();
});

test('draining a node of a host network Deployment leaves a pod Pending', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(host(4));
  await playground.setNodes(4);
  await expect(playground.pendingMessages).toHaveCount(0);
  await playground.tab('timeline');
  await act(page, playground, 'drain', 'node-3');
  await expect(page.getByTestId('step-output')).toContainText('node/node-3 drained');
  await expect(page.getByTestId('step').last()).toContainText('3 run, 1 Pending');
  await playground.tab('cluster');
  await expect(playground.pendingMessages).toHaveText([/^0\/4 nodes are available: 1 node\(s\) were unschedulable, 3 node\(s\) didn't have free ports/]);
  // The story is part of the scene.
  await page.reload();
  await playground.answered();
  await expect(playground.pendingMessages).toHaveCount(1);
  await playground.tab('timeline');
  await page.getByTestId('start-over').click();
  await playground.answered();
  await playground.tab('cluster');
  await expect(playground.pendingMessages).toHaveCount(0);
  playground.quiet();
});

test('what is typed over a running manifest is an update', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(host(2));
  await playground.setNodes(3);
  await playground.tab('timeline');
  await page.getByTestId('hold').click();
  await playground.answered();
  await playground.type(host(2, 'influxdb:2.7'));
  const changes = page.getByTestId('pod-change');
  await expect(changes).toHaveCount(4);
  await expect(page.getByTestId('step').last()).toContainText('The update in the editor');
  await playground.tab('kubectl');
  await expect(page.getByTestId('kubectl-apply')).toContainText('deployment.apps/db configured');
  // A mistake is marked where it is typed, and nothing changes.
  await playground.type(host(2).replace('replicas', 'replicsa'));
  await expect(playground.problems.first()).toContainText('unknown field "spec.replicsa"');
  await playground.tab('timeline');
  await expect(page.getByTestId('step-details')).toContainText('No pod changed.');
  playground.quiet();
});

test('the loss of any one node is answered', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(host(1));
  await playground.setNodes(2);
  await playground.tab('timeline');
  await expect(page.getByTestId('losses-answer')).toContainText('no ready pod for a while');
  await playground.type(host(2));
  await expect(page.getByTestId('losses-answer')).toContainText('every workload keeps a ready pod');
  playground.quiet();
});
