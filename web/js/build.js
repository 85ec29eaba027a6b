// Bundles what is not Rust: the boot module with the editor, the early theme script, and the one stylesheet.
// Trunk takes the results from web/js/bundle (see index.html).
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: {
    boot: here("boot.js"),
    theme: here("theme.js"),
    page: here("../styles/page.css"),
  },
  outdir: here("bundle"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome110", "firefox115", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
});
