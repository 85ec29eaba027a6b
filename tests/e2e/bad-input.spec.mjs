// Whatever is pasted: a clear message, the page alive, nothing lost.
import { expect, test } from '@playwright/test';
import { Playground } from './playground.mjs';

/** The page still answers: the first example works after whatever came before. */
async function alive(playground) {
  await playground.example('Five replicas, four nodes');
  await expect(playground.pendingMessages).toHaveCount(1);
}

const deployment = (replicas) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: many
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: many}}
  template:
    metadata: {labels: {app: many}}
    spec:
      containers:
      - name: c
        image: nginx
`;

const bombs = ['a: &a [x, x, x, x, x, x, x, x, x]'];
for (let level = 1; level < 9; level += 1) {
  const name = String.fromCharCode(97 + level);
  const previous = String.fromCharCode(96 + level);
  bombs.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(', ')}]`);
}

const cases = [
  { name: 'an empty text', text: '', verdict: 'Nothing to place yet' },
  { name: 'comments only', text: '# nothing\n# here\n', verdict: 'Nothing to place yet' },
  { name: 'a tab indent', text: 'kind: Pod\nmetadata:\n\tname: x\n', problem: 'found character that cannot start any token', plain: 'YAML does not allow tab characters' },
  { name: 'an unknown kind', text: 'kind: Podd\napiVersion: v1\nmetadata: {name: x}\n', problem: 'no matches for kind "Podd"' },
  { name: 'an alias bomb', text: bombs.join('\n'), problem: 'document contains excessive aliasing' },
];

for (const { name, text, verdict, problem, plain } of cases) {
  test(name, async ({ page }) => {
    const playground = await Playground.open(page);
    await playground.type(text);
    if (verdict) await expect(playground.verdict).toContainText(verdict);
    if (problem) await expect(playground.problems.first()).toContainText(problem);
    if (plain) await expect(playground.problems.first()).toContainText(plain);
    const shown = await playground.editor.innerText();
    expect(shown.trim()).toContain(text.trim().split('\n')[0]);
    await alive(playground);
    playground.quiet();
  });
}

test('no nodes at all', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.setNodes(0);
  await expect(playground.pendingMessages.first()).toHaveText('no nodes available to schedule pods');
  await alive(playground);
  playground.quiet();
});

test('100,000 replicas', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(deployment(100_000));
  await expect(playground.verdict).toContainText(/100[,.]?000|440|capped|limit/);
  await alive(playground);
  playground.quiet();
});

test('a paste of 2 MB', async ({ page }) => {
  const playground = await Playground.open(page);
  const line = `  key-${'x'.repeat(80)}: value\n`;
  const text = `kind: ConfigMap\napiVersion: v1\nmetadata: {name: big}\ndata:\n${Array.from({ length: 22_000 }, (_, index) => line.replace('key', `key${index}`)).join('')}`;
  expect(text.length).toBeGreaterThan(2_000_000);
  await playground.openFile('big.yaml', text);
  await expect(playground.editor).toContainText('name: big');
  await playground.answered();
  await alive(playground);
  playground.quiet();
});

test('binary garbage', async ({ page }) => {
  const playground = await Playground.open(page);
  const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + 13) % 256);
  await playground.openFile('garbage.bin', bytes);
  await expect(page.getByTestId('notice').or(playground.problems.first()).first()).toBeVisible();
  await playground.answered();
  await alive(playground);
  playground.quiet();
});
