//! The rules as WebAssembly in a real browser: same input, same bytes out as natively.
//!
//! `cargo xtask test --wasm` writes the cases (`tests/src/bin/browser_cases.rs`) and names their file in `BROWSER_CASES`.
#![cfg(target_arch = "wasm32")]

use rules::Input;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// One JSON array a line: name, input, digest of the native report.
const CASES: &str = include_str!(env!("BROWSER_CASES"));

#[wasm_bindgen_test]
fn reports_equal_those_of_the_native_build() {
    let cases: Vec<(String, Input, String)> =
        CASES.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    let differing: Vec<_> = cases
        .iter()
        .filter(|(_, input, native)| {
            let report = serde_json::to_string(&rules::analyze(input)).expect("a report is JSON");
            format!("{:016x}", fnv1a(report.as_bytes())) != *native
        })
        .map(|(name, ..)| name.as_str())
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
}

/// 64-bit FNV-1a; `tests/src/bin/browser_cases.rs` has the same.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
