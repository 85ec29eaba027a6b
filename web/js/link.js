// Share links: the browser packs, unpacks and copies them. web/src/platform/link.rs and clipboard.rs are the only callers.

/** Zlib data of `bytes`. */
const deflate = (bytes) => through(bytes, new CompressionStream("deflate"), Infinity);

/** What zlib data holds; null when it is more than `limit` bytes. Fails on damage: zlib data ends with a checksum. */
export const inflate = (bytes, limit) => through(bytes, new DecompressionStream("deflate"), limit);

async function through(bytes, stream, limit) {
  // The bytes lie in the memory of the wasm: the blob copies them before anything else happens there.
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
}

/** Copies a text, or what a promise makes of it. Fails where the browser keeps its clipboard closed. */
export async function copy(text) {
  if (typeof text === "string" || !globalThis.ClipboardItem) return navigator.clipboard.writeText(await text);
  // Safari lets a page copy at the very click only, and takes a promise of the text then.
  const blob = text.then((text) => new Blob([text], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

/** Packs `bytes` and copies the text that `name` makes of them. */
export const copyPacked = (bytes, name) => copy(deflate(bytes).then(name));
