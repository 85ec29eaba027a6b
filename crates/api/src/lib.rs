//! What the API server does: structural schema, defaulting, validation, admission and allocation.
//!
//! Objects travel as [`manifest::Tree`]s until they are stored: decoding checks, defaults and validation work on the tree,
//! so every message can point at its token. [`types`] are read from the finished tree, and only for what is simulated.

pub mod codes;
pub mod decode;
pub mod defaults;
pub mod help;
pub mod int_or_string;
pub mod kubectl;
pub mod labels;
pub mod quantity;
pub mod schema;
pub mod server;
pub mod types;
pub mod validation;
