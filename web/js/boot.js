// Starts the page: makes the editor and the links known to the Rust side and runs its wasm. Trunk writes an inline script for this,
// which the Content-Security-Policy forbids; `pattern_script` in Trunk.toml leaves the file names in a <meta> instead.
import { createEditor } from "./editor.js";
import { copy, copyPacked, inflate } from "./link.js";

const files = document.querySelector('meta[name="podreach-app"]').dataset;
const absolute = (path) => new URL(path, document.baseURI).href;

// The name of the app's file holds its hash, which tells releases apart; the worker's files have fixed names.
const release = files.wasm.replace(/^.*?-|_bg\.wasm$/g, "");

/** A file of this release that the page does not load by itself, in bytes. Fails where it is not there. */
async function fetched(path) {
  const response = await fetch(absolute(`./${path}?${release}`));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}

const workerUrl = absolute(`./worker_loader.js?${release}`);
globalThis.podreach = { createEditor, copy, copyPacked, inflate, fetched, workerUrl };

try {
  const app = await import(absolute(files.js));
  await app.default({ module_or_path: absolute(files.wasm) });
} catch (error) {
  console.error(error);
  document.getElementById("loading")?.setAttribute("hidden", "");
  document.getElementById("failed")?.removeAttribute("hidden");
}
