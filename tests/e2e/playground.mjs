// The page as a person uses it: opening, typing, choosing, reading. Every test speaks through this.
import { expect } from '@playwright/test';

export class Playground {
  constructor(page) {
    this.page = page;
    this.complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.hostname !== '127.0.0.1') this.complaints.push(`request to ${url}`);
    });
  }

  /** Opens the page and waits for the first answer. */
  static async open(page, fragment = '') {
    const playground = new Playground(page);
    await page.goto(`./${fragment}`);
    await playground.answered();
    return playground;
  }

  /** The answer about the present text and settings is there. */
  async answered() {
    await expect(this.verdict).toHaveAttribute('data-busy', 'false');
  }

  get verdict() {
    return this.page.getByTestId('verdict');
  }

  get editor() {
    return this.page.getByTestId('editor').locator('.cm-content');
  }

  get nodeCards() {
    return this.page.getByTestId('node-card');
  }

  get pendingMessages() {
    return this.page.getByTestId('pending-message');
  }

  get routes() {
    return this.page.getByTestId('route-row');
  }

  get problems() {
    return this.page.getByTestId('problems-item');
  }

  /** Pods on a node's card. */
  podsOn(node) {
    return this.page.locator(`[data-testid="node-card"][data-node="${node}"]`).getByTestId('pod');
  }

  async example(title) {
    await this.page.getByTestId('example-menu').click();
    await this.page.getByTestId('example-item').filter({ hasText: title }).click();
    await this.answered();
  }

  async tab(name) {
    await this.page.getByTestId(`tab-${name}`).click();
  }

  async setNodes(count) {
    await this.page.getByTestId('node-count').fill(String(count));
    await this.page.getByTestId('node-count').press('Enter');
    await this.answered();
  }

  /** Replaces the text in the editor, as typing over a selection does. */
  async type(text) {
    await this.editor.click();
    await this.page.keyboard.press('Control+a');
    if (text === '') await this.page.keyboard.press('Delete');
    else await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Control+Enter');
    await this.answered();
  }

  /** Opens a file by the menu. */
  async openFile(name, content) {
    await this.page.getByTestId('open-file').setInputFiles({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(content),
    });
  }

  /** Nothing was complained about: no error, no blocked resource, no request elsewhere. */
  quiet() {
    expect(this.complaints).toEqual([]);
  }
}
