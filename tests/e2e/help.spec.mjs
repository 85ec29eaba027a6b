// Help in the editor: what may stand at the caret, and what is known of the field under the pointer.
import { expect, test } from '@playwright/test';
import { Playground } from './playground.mjs';

const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: nginx\n';

/** The list of what may be written. */
const choices = (page) => page.getByTestId('editor').locator('.cm-tooltip-autocomplete li');

test('fields and values are completed at the caret', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(pod);
  await page.keyboard.type('  hostN');
  // A list that only just opened takes no Enter, lest somebody who types on chooses unawares; a click it takes.
  await choices(page).filter({ hasText: 'hostNetwork' }).click();
  await page.keyboard.type('tr');
  await choices(page).filter({ hasText: 'true' }).click();
  await expect(playground.editor).toContainText('hostNetwork: true');

  await page.keyboard.press('Enter');
  await page.keyboard.type('restartPolicy: ');
  await page.keyboard.press('Control+Space');
  await expect(choices(page)).toHaveText(['Always', 'Never', 'OnFailure']);
  await page.keyboard.press('Escape');
  playground.quiet();
});

test('a field that is there is not offered again', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(pod);
  await page.keyboard.type('  cont');
  await page.keyboard.press('Control+Space');
  const names = choices(page).locator('.cm-completionLabel');
  await expect(names.filter({ hasText: /^initContainers$/ })).toBeVisible();
  await expect(names.filter({ hasText: /^containers$/ })).toHaveCount(0);
  playground.quiet();
});

test('the pointer shows type, default and reference of a field', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type(`${pod}    imagePullPolicy: Never\n`);
  await page.getByTestId('editor').getByText('imagePullPolicy').hover();
  const about = page.getByTestId('editor').locator('.cm-about');
  await expect(about).toContainText('spec.containers[].imagePullPolicy PullPolicy');
  await expect(about).toContainText('Default: "Always"');
  await expect(about).toContainText('One of: Always, IfNotPresent, Never');
  await expect(about.getByRole('link')).toHaveAttribute('href', /kubernetes\.io\/docs\/reference\/.*#pod-v1-core$/);

  await page.getByTestId('language').click();
  await page.mouse.move(5, 5);
  await page.getByTestId('editor').getByText('imagePullPolicy').hover();
  await expect(about).toContainText('默认值：');
  playground.quiet();
});
