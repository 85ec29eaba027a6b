//! One behaviour a file: each watches the state and does what it asks for.

mod use_analysis;
mod use_appearance;
mod use_keys;
mod use_session;

pub(crate) use use_analysis::use_analysis;
pub(crate) use use_appearance::use_appearance;
pub(crate) use use_keys::use_keys;
pub(crate) use use_session::{first_state, use_session};
