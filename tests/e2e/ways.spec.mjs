// The ways in: tried by URL, pictured, compared side by side, and exported; and kubectl typed by hand.
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { Playground } from './playground.mjs';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx
        ports:
        - containerPort: 80
`;

const service = (policy) => `---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  externalTrafficPolicy: ${policy}
  selector:
    app: web
  ports:
  - port: 80
    nodePort: 30080
`;

const INGRESS = `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /cart
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
`;

/** Tries a URL and gives what is said of it. */
async function probe(page, url) {
  const field = page.getByTestId('tester-url');
  await field.fill(url);
  await field.press('Enter');
  return page.getByTestId('tester-outcome');
}

test('the route tester on five URLs', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(WEB + service('Cluster') + INGRESS);
  await playground.setNodes(3);
  await playground.tab('reach');
  await expect(await probe(page, 'http://node-2:30080/')).toHaveText(/It answers/);
  await expect(page.getByTestId('way').locator('desc')).toHaveText(/^client.*node-2.*10\.0\.0\.12.*node port.*pod.*:80/);
  await expect(await probe(page, 'http://10.0.0.11:30081/')).toHaveText(/Connection refused/);
  await expect(await probe(page, 'http://shop.example.com/checkout')).toHaveText(/404/);
  await expect(await probe(page, 'http://shop.example.com/cart')).toHaveText(/It answers/);
  await expect(await probe(page, 'http://nobody.example.org/')).toHaveText(/No such host/);
  await expect(await probe(page, 'http://10.0.0.99/')).toHaveText(/times out/);
  playground.quiet();
});

test('a Local policy: only nodes with a pod answer, and the client address is kept', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(WEB + service('Local'));
  await playground.setNodes(3);
  const pods = await Promise.all(['node-1', 'node-2', 'node-3'].map((node) => playground.podsOn(node).count()));
  await playground.tab('reach');
  for (const [index, count] of pods.entries()) {
    const outcome = await probe(page, `http://node-${index + 1}:30080/`);
    await expect(outcome).toHaveText(count > 0 ? /It answers/ : /times out/);
  }
  expect(pods.filter((count) => count === 0).length).toBeGreaterThan(0);
  const row = playground.routes.filter({ hasText: 'NodePort' }).first();
  await expect(row).toContainText('kept');
  playground.quiet();
});

test('the way of a packet is pictured and can be saved', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(WEB + service('Cluster'));
  await playground.tab('reach');
  await page.getByTestId('route-way').first().click();
  const picture = page.getByTestId('way').locator('svg');
  await expect(picture).toHaveRole('img');
  await expect(picture.locator('title')).toHaveText(/30080/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('way-save').click()]);
  expect(await readFile(await download.path(), 'utf8')).toMatch(/^<svg xmlns=.*<\/svg>$/s);
  playground.quiet();
});

test('the five ways are compared, one is used and undone', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(WEB);
  await playground.setNodes(3);
  await playground.tab('reach');
  await page.getByTestId('compare').click();
  const cards = page.getByTestId('way-card');
  await expect(cards).toHaveCount(5);
  const card = (way) => page.locator(`[data-way="${way}"]`);
  await expect(card('hostNetwork')).toContainText('http://10.0.0.1');
  await expect(card('LoadBalancer')).toContainText('2 run');
  await card('hostNetwork').getByTestId('way-preview').click();
  await expect(card('hostNetwork').locator('.diff .added')).toContainText(['hostNetwork: true']);
  await card('hostNetwork').getByTestId('way-apply').click();
  await playground.answered();
  await expect(playground.editor).toContainText('hostNetwork: true');
  await expect(card('hostNetwork')).toContainText('now');
  await expect(playground.routes.first()).toContainText('hostNetwork');
  await page.getByTestId('undo').click();
  await playground.answered();
  await expect(playground.editor).not.toContainText('hostNetwork');
  playground.quiet();
});

test('kubectl is typed by hand', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.tab('kubectl');
  const type = async (line) => {
    await page.getByTestId('command').fill(line);
    await page.getByTestId('command').press('Enter');
  };
  const output = page.getByTestId('command-output').first();
  // The article's listing: four pods run on their nodes' addresses, the fifth waits.
  await type('get pod -o wide');
  const lines = (await output.textContent({ timeout: 10_000 })).trim().split('\n').slice(1);
  expect(lines[0]).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES$/);
  const running = lines.filter((line) => /^test-host-\S+ +1\/1 +Running +0 +\S+ +10\.0\.0\.1\d +node-\d +<none> +<none>$/.test(line));
  const pending = lines.filter((line) => /^test-host-\S+ +0\/1 +Pending +0 +\S+ +<none> +<none> +<none> +<none>$/.test(line));
  expect([running.length, pending.length]).toEqual([4, 1]);
  await type('get svc');
  await expect(output).toContainText(/kubernetes +ClusterIP +10\.96\.0\.1 +<none> +443\/TCP/);
  await type('get nothing');
  await expect(output).toContainText('error: the server doesn\'t have a resource type "nothing"');
  await type('kubectl scale deployment test-host --replicas=2');
  await expect(output).toContainText('deployment.apps/test-host scaled');
  await playground.answered();
  await type('get deploy test-host --no-headers');
  await expect(output).toContainText(/test-host +2\/2 +2 +2/);
  await playground.tab('timeline');
  await expect(page.getByTestId('step').last()).toContainText('Scaled');
  playground.quiet();
});

test('the scene is exported for real control planes', async ({ page }) => {
  const playground = await Playground.open(page);
  for (const [tool, command] of [['kind', 'kind create cluster'], ['kwok', 'kwokctl create cluster']]) {
    await page.getByTestId('share').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(`export-${tool}`).click()]);
    expect(download.suggestedFilename()).toBe(`podreach-${tool}.sh`);
    const script = await readFile(await download.path(), 'utf8');
    expect(script).toContain(command);
    expect(script).toContain('test-host');
  }
  playground.quiet();
});
