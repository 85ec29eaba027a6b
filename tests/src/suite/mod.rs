//! Manifests that carry their expectations.
//!
//! A case is a YAML file below `suite/`. Lines that begin with `#:` describe the cluster and the outcome; they may stand
//! anywhere, usually first:
//!
//! ```yaml
//! #: nodes: 4                  # the cluster: nodes, control-plane, zones, taint, label, load-balancer, ingress, host-ports,
//! #:                             external-ip, cordoned, not-ready, strict
//! #: pods: 5                   # the outcome: pods, running, pending, exit, stdout, stderr
//! #: message web: 0/4 nodes are available: ...   # a Pending pod of that workload has this message
//! #: nodes web: node-1 node-2  # where the pods of that workload are
//! #: status web: Running       # STATUS of the pods of that workload, and `ip` their addresses
//! #: route: NodePort Reachable http://10.0.0.11:30000 | via node-1 | client kept   # see `route`
//! #: no-route: HostNetwork     # nothing that begins so
//! #: forward: kubectl port-forward pod/web 8080:80 | http://127.0.0.1:8080/   # offered, or none
//! #: request a.example.com/x: Ingress default/web   # who answers a request to a controller, or 404
//! #: error no-objects: ...      # an error that no caret can point at; likewise a warning
//! #: padded: 5000000           # the text goes on with line breaks until it has so many bytes
//! ```
//!
//! Below a line, carets mark what a diagnostic is about; a `#` directly before the first caret counts as one:
//!
//! ```yaml
//! kind: Deploymnt
//! #     ^^^^^^^^^ error[unknown-kind]: no matches for kind "Deploymnt" in version "apps/v1"
//! ```
//!
//! Errors and their carets must correspond one to one. Warnings and hints must be there where they are marked; others may
//! be. A message that ends in `...` stands for any that begins so.

mod case;
mod check;
mod files;
mod route;

pub use case::{Case, Mark};
pub use check::check;
pub use files::cases;
