//! `kubectl scale KIND/NAME --replicas=N`.

use super::command::{Arguments, Output, resource_of};
use crate::server::{ApiError, Resource, Server, quote};

/// Sets the replicas of one object, by any name of its kind.
pub fn scale(server: &mut Server, kind: &str, namespace: &str, name: &str, replicas: i32) -> Output {
    match resource_of(server, kind) {
        Ok(resource) => one(server, &resource, namespace, name, replicas),
        Err(output) => output,
    }
}

pub(super) fn run(server: &mut Server, arguments: &Arguments<'_>) -> Output {
    let Some(replicas) = arguments.flag(&["replicas"]) else {
        return Output::error("required flag(s) \"replicas\" not set");
    };
    let Ok(replicas) = replicas.parse::<i32>() else {
        let text = quote(replicas);
        return Output::error(&format!(
            "invalid argument {text} for \"--replicas\" flag: strconv.ParseInt: parsing {text}: invalid syntax"
        ));
    };
    if replicas < 0 {
        return Output::error(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
        );
    }
    let (resource, names) = match arguments.targets(server) {
        Ok(targets) => targets,
        Err(output) => return output,
    };
    let mut output = Output::default();
    for name in names {
        output.extend(one(server, &resource, arguments.namespace(), name, replicas));
    }
    output
}

fn one(server: &mut Server, resource: &Resource, namespace: &str, name: &str, replicas: i32) -> Output {
    let Some(uid) = server.find(resource, namespace, name) else {
        return Output::refused(&ApiError::not_found(resource, name));
    };
    if resource.kind != "Job" && server.set_replicas(uid, replicas) {
        return Output::line(format!("{} scaled", resource.kubectl_name(name)));
    }
    Output::error("the server could not find the requested resource")
}
