//! Routes from outside to pods: the ways in, their URLs and what answers.

mod route;

pub use route::{Note, Route, RouteKind, RouteState};
