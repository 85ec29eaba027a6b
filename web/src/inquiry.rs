//! What the page wants to know of a scene beside the report: the worker finds it out when it is asked.

use rules::{Hop, Input, KubectlAnswer, KubectlOutput, Probe, Way};

/// A question about a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inquiry {
    /// The five ways in for the workload of this index.
    Ways(u32),
    /// Where a request to this URL goes.
    Probe(String),
    /// The way that packets take on the route of this index.
    Way(u32),
    /// What this command of kubectl's prints or does.
    Kubectl(String),
    /// What this command prints, which changes nothing and is shown all the time.
    Listing(String),
    /// The scene for a real control plane.
    Export(Tool),
}

/// What runs a real control plane on a laptop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Nodes are containers.
    Kind,
    /// Nodes pretend.
    Kwok,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The ways, in their order.
    Ways(Vec<Way>),
    /// The hops, and what the client sees.
    Probe(Probe),
    /// The hops.
    Way(Vec<Hop>),
    /// What is printed, and what happens to the cluster.
    Kubectl(KubectlOutput, Vec<rules::Action>),
    /// A file: its name and its text.
    File(String, String),
}

/// Finds it out. The worker's side.
pub(crate) fn find(input: &Input, inquiry: Inquiry) -> Finding {
    match inquiry {
        Inquiry::Ways(workload) => Finding::Ways(rules::ways(input, workload)),
        Inquiry::Probe(url) => Finding::Probe(rules::probe(&rules::analyze(input), &url)),
        Inquiry::Way(route) => Finding::Way(rules::way(&rules::analyze(input), route as usize)),
        Inquiry::Kubectl(line) | Inquiry::Listing(line) => match rules::kubectl(input, &line) {
            KubectlAnswer::Printed(output) => Finding::Kubectl(output, Vec::new()),
            KubectlAnswer::Acts { actions, output } => Finding::Kubectl(output, actions),
        },
        Inquiry::Export(tool) => {
            let export = rules::export(input);
            match tool {
                Tool::Kind => Finding::File("podreach-kind.sh".to_owned(), export.kind_script),
                Tool::Kwok => Finding::File("podreach-kwok.sh".to_owned(), export.kwok_script),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rules::{Action, Outcome};

    use super::*;
    use crate::examples::Example;

    fn found(inquiry: Inquiry) -> Finding {
        let example = Example::FivePodsFourNodes;
        find(&example.settings().input(example.text(), None), inquiry)
    }

    #[test]
    fn each_inquiry_finds_what_it_asks_for() {
        let Finding::Ways(ways) = found(Inquiry::Ways(0)) else { panic!() };
        assert_eq!(
            ways.iter().map(|way| way.current).collect::<Vec<_>>(),
            [true, false, false, false, false]
        );
        let Finding::Probe(probe) = found(Inquiry::Probe("http://10.0.0.11:8086/".into())) else { panic!() };
        assert_eq!(probe.outcome, Outcome::Answers);
        let Finding::Way(hops) = found(Inquiry::Way(0)) else { panic!() };
        assert!(hops.len() > 2, "{hops:?}");
        let Finding::File(name, text) = found(Inquiry::Export(Tool::Kwok)) else { panic!() };
        assert_eq!(name, "podreach-kwok.sh");
        assert!(text.contains("kwokctl create cluster"), "{text}");
        let Finding::Kubectl(output, acts) = found(Inquiry::Kubectl("cordon node-1".into())) else {
            panic!()
        };
        assert_eq!(
            (output.stdout, acts),
            (vec!["node/node-1 cordoned".to_owned()], vec![Action::Cordon("node-1".into())])
        );
    }
}
