//! Nodes and what runs on them.

mod amounts;
mod legend;
mod node_card;
mod node_grid;
mod nodes_chart;
mod pending_tray;
mod pod_chip;
mod tab;

pub(crate) use tab::cluster_tab;
