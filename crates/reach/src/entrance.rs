//! Where controllers take requests in, whether or not a rule leads anywhere: what they do not know, they answer with 404.

use api::server::Store;
use serde::{Deserialize, Serialize};

use crate::settings::Settings;
use crate::view::{View, pod_name};

/// Where a controller of Ingresses listens (EXP-ING-3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Address; empty when there is none yet.
    pub address: String,
    /// The addresses of the other nodes, when it is that of a node.
    pub others: Vec<String>,
    /// Port for HTTP; 0 when none.
    pub http: u16,
    /// Port for HTTPS; 0 when none.
    pub https: u16,
    /// Names of the nodes that take the traffic in.
    pub nodes: Vec<String>,
    /// namespace/name of the controller's pods; none when the controller is assumed by the setting.
    pub pods: Vec<String>,
}

/// All of them.
pub fn entrances(store: &Store, settings: &Settings) -> Vec<Entrance> {
    let view = View::new(store, *settings);
    let entrance = |controller: &crate::controller::Controller<'_>| {
        let door = controller.door(&view);
        Entrance {
            address: door.address,
            others: door.others,
            http: door.http,
            https: door.https,
            nodes: door.nodes,
            pods: controller.pods.iter().map(|pod| pod_name(pod)).collect(),
        }
    };
    view.controllers.iter().map(entrance).collect()
}
