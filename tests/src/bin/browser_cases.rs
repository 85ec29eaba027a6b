//! Writes what the browser test compares with: for each recorded manifest the input, and a digest of the report that this
//! machine's native build gives. `cargo xtask test --wasm` runs it and hands the file to `web/tests/browser.rs`.
#![expect(clippy::print_stdout, reason = "its output is its result")]
#![expect(clippy::disallowed_methods, reason = "it reads the recordings")]

use std::path::Path;

use rules::{ClusterSpec, Input};

fn main() -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/recordings");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut scenarios: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    scenarios.sort();
    for scenario in scenarios {
        let Ok(text) = std::fs::read_to_string(scenario.join("manifest.yaml")) else { continue };
        let cluster = std::fs::read_to_string(scenario.join("cluster.yaml")).unwrap_or_default();
        let count = cluster.lines().find_map(|line| line.strip_prefix("count: ")?.trim().parse().ok());
        let cluster = ClusterSpec { nodes: count.unwrap_or(4), ..ClusterSpec::default() };
        let input = Input { text, cluster, ..Input::default() };
        let report = serde_json::to_string(&rules::analyze(&input)).map_err(|error| error.to_string())?;
        let name = scenario.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!("{}", serde_json::json!([name, input, format!("{:016x}", fnv1a(report.as_bytes()))]));
    }
    Ok(())
}

/// 64-bit FNV-1a; `web/tests/browser.rs` has the same.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
