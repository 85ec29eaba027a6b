//! Words of the page in every language. A text that one language lacks is a compile error: both tables are values of [`Texts`].
//!
//! Kubernetes' own terms and messages stay as they are. What the rules say is worded in `rules::words`.

mod en;
mod zh;

use rules::{Lang, RouteKind};

use crate::components::timeline::{Act, Target};
use crate::examples::Example;
use crate::settings::MAX_NODES;
use crate::share::LinkError;
use crate::state::{Notice, Origin, Tab, Trouble};

/// All texts of one language.
pub(crate) struct Texts {
    pub(crate) title: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) examples: &'static str,
    pub(crate) nodes: &'static str,
    pub(crate) fewer_nodes: &'static str,
    pub(crate) more_nodes: &'static str,
    pub(crate) cluster_settings: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) share: &'static str,
    pub(crate) copy_link: &'static str,
    pub(crate) copy_markdown: &'static str,
    pub(crate) copy_embed: &'static str,
    pub(crate) download: &'static str,
    pub(crate) open_file: &'static str,
    pub(crate) other_language: &'static str,
    pub(crate) switch_language: &'static str,
    pub(crate) switch_theme: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) close: &'static str,
    pub(crate) dismiss: &'static str,
    pub(crate) editor: &'static str,
    /// The editor's label, and what its tooltips say: required, default, values, reference.
    pub(crate) editor_words: [&'static str; 5],
    pub(crate) result: &'static str,
    pub(crate) view: &'static str,
    pub(crate) drop_here: &'static str,

    pub(crate) problems: fn(usize) -> String,
    pub(crate) no_problems: &'static str,
    pub(crate) fix: &'static str,
    pub(crate) explain: &'static str,
    pub(crate) not_explained: &'static str,
    pub(crate) line: fn(u32) -> String,
    pub(crate) line_column: fn(u32, u32) -> String,
    pub(crate) error: &'static str,
    pub(crate) warning: &'static str,
    pub(crate) info: &'static str,
    pub(crate) more: fn(usize) -> String,

    pub(crate) analysing: &'static str,
    pub(crate) older_result: &'static str,
    pub(crate) nothing_yet: &'static str,
    pub(crate) nothing_yet_hint: &'static str,
    pub(crate) offers: &'static str,
    pub(crate) preview: &'static str,
    pub(crate) offer_result: fn(u32, u32) -> String,
    pub(crate) nodes_change: fn(u32, u32) -> String,
    pub(crate) try_again: &'static str,

    pub(crate) tabs: &'static str,
    pub(crate) workloads: &'static str,
    pub(crate) pending: fn(usize) -> String,
    pub(crate) why: &'static str,
    pub(crate) why_pod: fn(&str) -> String,
    pub(crate) control_plane: &'static str,
    pub(crate) cordoned: &'static str,
    pub(crate) not_ready: &'static str,
    pub(crate) zone: fn(&str) -> String,
    pub(crate) taint: &'static str,
    pub(crate) cpu: &'static str,
    pub(crate) memory: &'static str,
    pub(crate) pods: &'static str,
    pub(crate) host_ports: &'static str,
    pub(crate) no_pods: &'static str,
    pub(crate) ready_of: fn(u32, u32) -> String,
    pub(crate) no_nodes: &'static str,
    pub(crate) dense_hint: fn(usize) -> String,
    pub(crate) node_cell: fn(&str, i64) -> String,
    pub(crate) not_simulated: &'static str,

    pub(crate) routes: &'static str,
    pub(crate) no_routes: &'static str,
    pub(crate) no_routes_hint: &'static str,
    pub(crate) forwards: &'static str,
    pub(crate) how: &'static str,
    pub(crate) address: &'static str,
    pub(crate) nodes_that_answer: &'static str,
    pub(crate) pods_that_answer: &'static str,
    pub(crate) client_ip: &'static str,
    pub(crate) client_ip_kept: &'static str,
    pub(crate) client_ip_lost: &'static str,
    pub(crate) client_ip_depends: &'static str,
    pub(crate) caveats: &'static str,
    pub(crate) copy_url: &'static str,
    pub(crate) copy_curl: &'static str,
    pub(crate) copy_command: &'static str,
    pub(crate) no_url: &'static str,
    pub(crate) only_problems: &'static str,
    pub(crate) all_routes: &'static str,
    pub(crate) reachable_of: fn(usize, usize) -> String,

    pub(crate) choose_pod: &'static str,
    pub(crate) message: &'static str,
    pub(crate) plain_words: &'static str,
    pub(crate) in_the_text: &'static str,
    pub(crate) holder: fn(u32) -> String,
    pub(crate) filters: &'static str,
    pub(crate) filters_hint: &'static str,
    pub(crate) scores: &'static str,
    pub(crate) scores_hint: &'static str,
    pub(crate) node: &'static str,
    pub(crate) total: &'static str,
    pub(crate) weight: fn(i64) -> String,
    pub(crate) message_column: &'static str,
    pub(crate) passes: &'static str,
    pub(crate) not_looked_at: &'static str,
    pub(crate) chosen: &'static str,
    pub(crate) tie: &'static str,
    pub(crate) placed_on: fn(&str) -> String,
    pub(crate) only_feasible: &'static str,
    pub(crate) another_choice: &'static str,
    pub(crate) no_decision: &'static str,
    pub(crate) no_pod: &'static str,
    pub(crate) prefilter: &'static str,
    pub(crate) excluded: fn(u32) -> String,
    pub(crate) preempts: fn(&str, &str) -> String,
    pub(crate) copy_message: &'static str,
    pub(crate) skipped: fn(&str) -> String,

    pub(crate) happen: &'static str,
    pub(crate) act: fn(Act) -> &'static str,
    pub(crate) act_target: fn(Target) -> &'static str,
    pub(crate) act_on_nothing: &'static str,
    pub(crate) act_now: &'static str,
    pub(crate) replicas: &'static str,
    pub(crate) hold: &'static str,
    pub(crate) hold_hint: &'static str,
    pub(crate) holding: &'static str,
    pub(crate) start_over: &'static str,
    pub(crate) step_back: &'static str,
    pub(crate) step_forward: &'static str,
    pub(crate) step_applied: &'static str,
    pub(crate) step_draft: &'static str,
    pub(crate) step_outcome: fn(u32, u32) -> String,
    pub(crate) happened: fn(&rules::Action) -> String,
    pub(crate) nothing_changed: &'static str,
    pub(crate) pod: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    pub(crate) was_not_there: &'static str,
    pub(crate) is_gone: &'static str,
    pub(crate) restarts: fn(u32) -> String,
    pub(crate) urls_gone: &'static str,
    pub(crate) urls_new: &'static str,
    pub(crate) events: fn(usize) -> String,
    pub(crate) if_a_node_is_lost: &'static str,
    pub(crate) survives: &'static str,
    pub(crate) interrupted: &'static str,
    pub(crate) goes_down: &'static str,
    pub(crate) meanwhile: &'static str,
    pub(crate) afterwards: &'static str,
    pub(crate) all_answer: &'static str,
    pub(crate) not_ready_any_more: fn(&str) -> String,
    pub(crate) stays_down: fn(&str) -> String,

    pub(crate) nodes_chart: &'static str,
    pub(crate) nodes_chart_hint: &'static str,
    pub(crate) nodes_column: fn(u32, u32, u32) -> String,
    pub(crate) running: &'static str,
    pub(crate) waiting: &'static str,

    pub(crate) tester: &'static str,
    pub(crate) tester_url: &'static str,
    pub(crate) tester_go: &'static str,
    pub(crate) tester_hint: &'static str,
    pub(crate) save_picture: &'static str,
    pub(crate) way: &'static str,
    pub(crate) compare: &'static str,
    pub(crate) compare_hint: &'static str,
    pub(crate) workload: &'static str,
    pub(crate) way_now: &'static str,
    pub(crate) use_way: &'static str,
    pub(crate) other_urls: &'static str,
    pub(crate) after_restart: &'static str,

    pub(crate) command_line: &'static str,
    pub(crate) not_listed: &'static str,
    pub(crate) command_hint: &'static str,
    pub(crate) run_command: &'static str,
    pub(crate) export_kind: &'static str,
    pub(crate) export_kwok: &'static str,

    pub(crate) apply_output: &'static str,
    pub(crate) pods_output: &'static str,
    pub(crate) events_output: &'static str,
    pub(crate) stored: &'static str,
    pub(crate) stored_hint: &'static str,

    pub(crate) cluster_hint: &'static str,
    pub(crate) node_size: &'static str,
    pub(crate) ephemeral_storage: &'static str,
    pub(crate) max_pods: &'static str,
    pub(crate) topology: &'static str,
    pub(crate) control_plane_nodes: &'static str,
    pub(crate) zones: &'static str,
    pub(crate) zones_hint: &'static str,
    pub(crate) exposure: &'static str,
    pub(crate) load_balancer: &'static str,
    pub(crate) load_balancers: [&'static str; 3],
    pub(crate) ingress: &'static str,
    pub(crate) ingresses: [&'static str; 4],
    pub(crate) cni_host_ports: &'static str,
    pub(crate) simulation: &'static str,
    pub(crate) strict: &'static str,
    pub(crate) seed: &'static str,
    pub(crate) single_nodes: &'static str,
    pub(crate) single_nodes_hint: &'static str,
    pub(crate) labels: &'static str,
    pub(crate) taints: &'static str,
    pub(crate) internal_ip: &'static str,
    pub(crate) external_ip: &'static str,
    pub(crate) cordon: &'static str,
    pub(crate) mark_not_ready: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) first_nodes: &'static str,
    pub(crate) reset: &'static str,

    pub(crate) key_analyse: &'static str,
    pub(crate) key_share: &'static str,
    pub(crate) key_next: &'static str,
    pub(crate) key_previous: &'static str,
    pub(crate) key_help: &'static str,
    pub(crate) key_leave: &'static str,
    pub(crate) key_undo: &'static str,

    pub(crate) too_large: fn(usize, usize) -> String,
    pub(crate) overdue: &'static str,
    pub(crate) crashed: &'static str,
    pub(crate) no_worker: &'static str,
    pub(crate) opened_example: fn(&str) -> String,
    pub(crate) opened_link: &'static str,
    pub(crate) opened_file: &'static str,
    pub(crate) changed_text: &'static str,
    pub(crate) link_copied: &'static str,
    pub(crate) link_in_address_bar: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) link_damaged: &'static str,
    pub(crate) link_too_new: &'static str,
    pub(crate) link_too_large: &'static str,
    pub(crate) bad_file: &'static str,
    pub(crate) not_saved: &'static str,

    pub(crate) footer_rules: &'static str,
    pub(crate) footer_score: fn(u32, u32) -> String,
    pub(crate) footer_score_hint: &'static str,
    pub(crate) footer_private: &'static str,
    pub(crate) full_page: &'static str,

    pub(crate) tab: fn(Tab) -> &'static str,
    pub(crate) example: fn(Example) -> (&'static str, &'static str),
}

/// The texts of a language.
pub(crate) fn texts(lang: Lang) -> &'static Texts {
    match lang {
        Lang::En => &en::TEXTS,
        Lang::Zh => &zh::TEXTS,
    }
}

impl Texts {
    /// What just happened.
    pub(crate) fn notice(&self, notice: Notice) -> String {
        match notice {
            Notice::Opened(Origin::Example(example)) => {
                return (self.opened_example)((self.example)(example).0);
            }
            Notice::Opened(Origin::Link) => self.opened_link,
            Notice::Opened(Origin::File) => self.opened_file,
            Notice::Changed => self.changed_text,
            Notice::LinkCopied => self.link_copied,
            Notice::LinkInAddressBar => self.link_in_address_bar,
            Notice::Copied => self.copied,
            Notice::BadLink(LinkError::Damaged) => self.link_damaged,
            Notice::BadLink(LinkError::TooNew) => self.link_too_new,
            Notice::BadLink(LinkError::TooLarge) => self.link_too_large,
            Notice::BadFile => self.bad_file,
            Notice::NotSaved => self.not_saved,
        }
        .to_owned()
    }

    /// Why there is no answer.
    pub(crate) fn trouble(&self, trouble: Trouble) -> String {
        match trouble {
            Trouble::TooLarge(bytes) => (self.too_large)(bytes / 1024, crate::settings::MAX_TEXT / 1024),
            Trouble::Overdue => self.overdue.to_owned(),
            Trouble::Crashed => self.crashed.to_owned(),
            Trouble::NoWorker => self.no_worker.to_owned(),
        }
    }
}

/// A way in, by Kubernetes' own name.
pub(crate) fn route_kind(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::HostNetwork => "hostNetwork",
        RouteKind::HostPort => "hostPort",
        RouteKind::NodePort => "NodePort",
        RouteKind::LoadBalancer => "LoadBalancer",
        RouteKind::ExternalIp => "externalIPs",
        RouteKind::Ingress => "Ingress",
        RouteKind::Gateway => "Gateway",
    }
}

/// The largest node count, for the field's bound.
pub(crate) fn max_nodes() -> String {
    MAX_NODES.to_string()
}
