//! `kubectl cordon NODE` and `kubectl uncordon NODE` (SCH-NODE-4).

use super::command::{Arguments, Output};
use crate::server::{ApiError, Reason, Server};
use crate::types::Kind;

/// Cordons (`unschedulable`) or uncordons a node.
pub fn cordon(server: &mut Server, node: &str, unschedulable: bool) -> Output {
    let verb = if unschedulable { "cordoned" } else { "uncordoned" };
    let Some(uid) = server.find_kind(&Kind::Node, "", node) else {
        return Output::refused(&ApiError::new(Reason::NotFound, format!("nodes \"{node}\" not found")));
    };
    let already = if server.set_unschedulable(uid, unschedulable) { "" } else { "already " };
    Output::line(format!("node/{node} {already}{verb}"))
}

pub(super) fn run(server: &mut Server, arguments: &Arguments<'_>, unschedulable: bool) -> Output {
    let mut output = Output::default();
    for node in &arguments.words {
        output.extend(cordon(server, node, unschedulable));
    }
    output
}
