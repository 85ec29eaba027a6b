#!/bin/sh
# Runs a target, `parse` or `analyze`, until it finds something or is interrupted: tests/fuzz/run.sh parse [libFuzzer options]
#
# It needs cargo-fuzz (`cargo install cargo-fuzz --locked`) and a C++ compiler. What it learns is kept in corpus/, what it finds
# in artifacts/; neither is committed. Seeds are the manifests of the repository, and those of the corpus where it is present.
# The limits are what a visitor waits for and what a browser gives. libFuzzer's clock runs on while others compute: a timeout
# counts when it happens again alone (cargo fuzz run TARGET ARTIFACT).
set -eu
cd "$(dirname "$0")/.."
target=$1
shift
seeds=$(find "$PWD/suite" "$PWD/../web/examples" "$PWD/../../shared/corpus" -name '*.y*ml' 2>/dev/null || true)
seeds="$seeds
$(find "$PWD/conformance/recordings" -name manifest.yaml)"
mkdir -p fuzz/corpus
echo "$seeds" | paste -sd, - > fuzz/corpus/seeds
# The flags of coverage are unstable, and the sanitizers look for what safe Rust cannot do.
RUSTC_BOOTSTRAP=1 exec cargo fuzz run --fuzz-dir fuzz --sanitizer none "$target" -- \
    -seed_inputs="@$PWD/fuzz/corpus/seeds" -dict="$PWD/fuzz/dictionary.txt" \
    -timeout=2 -rss_limit_mb=512 -max_len=8192 "$@"
