//! The scenes as JavaScript sees them; `node.mjs` measures.
#![expect(unreachable_pub, reason = "JavaScript reaches them")]

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Scene;

/// The memory of this instance, which never shrinks.
#[wasm_bindgen]
pub fn instance_memory() -> JsValue {
    wasm_bindgen::memory()
}

/// A scene that is ready to run.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Run(crate::Run);

#[wasm_bindgen]
impl Run {
    /// Prepares the scene of that name, if there is one.
    pub fn prepare(scene: &str) -> Option<Self> {
        Scene::named(scene).map(|scene| Self(scene.prepare()))
    }

    /// Runs it.
    pub fn run(&mut self) -> u32 {
        self.0.run()
    }
}
