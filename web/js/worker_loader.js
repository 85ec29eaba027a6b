// Starts the worker's wasm. The query is that of this file's own address: it changes with every release, so that a cache
// never mixes a page of one release with a worker of another.
importScripts(`./worker.js${self.location.search}`);
wasm_bindgen({ module_or_path: `./worker_bg.wasm${self.location.search}` });
