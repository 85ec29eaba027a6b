// Measures a scene as WebAssembly in Node.js, and prints the result as JSON: node node.mjs MODULE SCENE
//
// It runs several times in one instance, which is how long the page's worker lives, and the median counts.

import { createRequire } from "node:module";

const [path, scene] = process.argv.slice(2);
const { Run, instance_memory } = createRequire(import.meta.url)(path);

const ENOUGH_MS = 5000;
const MOST_RUNS = 21;
const LEAST_RUNS = 3;

const times = [];
for (let spent = 0; times.length < LEAST_RUNS || (times.length < MOST_RUNS && spent < ENOUGH_MS); spent += times.at(-1)) {
  const run = Run.prepare(scene);
  const start = performance.now();
  run.run();
  times.push(performance.now() - start);
  run.free();
}
times.sort((a, b) => a - b);
const median = times[Math.floor(times.length / 2)];
console.log(JSON.stringify({ scene, median, runs: times.length, bytes: instance_memory().buffer.byteLength }));
