//! endpoints: ports and members as sets. The EndpointSlices of one Service in one family are one unit.

use std::collections::BTreeMap;

use super::names::Names;
use super::record::{Member, Ports, Slice};
use super::score::{Outcome, sides};

type Key<'a> = (&'a str, &'a str, &'a str);

/// Compares all slices of a stage. One that only we have is one more unit, and unmatched.
pub(super) fn compare(stage: &str, recorded: (&[Slice], &Names), ours: (&[Slice], &Names)) -> Outcome {
    let mut outcome = Outcome::default();
    let (left, right) = (by_service(recorded.0), by_service(ours.0));
    let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
    for key in keys {
        let show = |slice: Option<&&Slice>, names: &Names| {
            slice.map_or("(none)".into(), |slice| describe(slice, names))
        };
        let (theirs, mine) = (show(left.get(key), recorded.1), show(right.get(key), ours.1));
        let difference = (theirs != mine).then(|| sides("ports and pods", &theirs, &mine));
        outcome.count(format!("{stage}, Service {}/{} {}", key.0, key.1, key.2), difference);
    }
    outcome
}

fn by_service(slices: &[Slice]) -> BTreeMap<Key<'_>, &Slice> {
    slices.iter().map(|slice| ((&*slice.namespace, &*slice.service, &*slice.family), slice)).collect()
}

/// Ports and members in one line, sorted, with invented names replaced. Slices without members do not count: the API server
/// keeps an empty one, with or without ports, where there is nobody.
fn describe(slice: &Slice, names: &Names) -> String {
    let group = |(ports, members): (&Ports, &Vec<Member>)| {
        let mut pods: Vec<String> =
            members.iter().map(|(pod, ready)| format!("{}={ready}", names.normalize(pod))).collect();
        pods.sort();
        let ports: Vec<String> =
            ports.iter().map(|(name, protocol, port)| format!("{name}:{port}/{protocol}")).collect();
        (!pods.is_empty()).then(|| format!("[{}] [{}]", ports.join(" "), pods.join(" ")))
    };
    let groups: Vec<String> = slice.groups.iter().filter_map(group).collect();
    if groups.is_empty() { "nobody".into() } else { groups.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(port: i64, endpoints: &[(&str, bool)]) -> Slice {
        Slice {
            service: "web".into(),
            family: "IPv4".into(),
            groups: BTreeMap::from([(
                [(String::new(), "TCP".to_owned(), port)].into(),
                endpoints.iter().map(|(pod, ready)| ((*pod).to_owned(), *ready)).collect(),
            )]),
            ..Slice::default()
        }
    }

    #[test]
    fn members_are_a_set_and_all_of_it_counts() {
        let names = Names::default();
        let recorded = [slice(80, &[("a", true), ("b", false)])];
        let matched = |ours: &[Slice]| compare("stage 0", (&recorded, &names), (ours, &names)).tally.matched;
        assert_eq!(matched(&[slice(80, &[("b", false), ("a", true)])]), 1);
        assert_eq!(matched(&[slice(81, &[("b", false), ("a", true)])]), 0);
        assert_eq!(matched(&[slice(80, &[("b", true), ("a", true)])]), 0);
        assert_eq!(matched(&[slice(80, &[("a", true)])]), 0);
        assert_eq!(matched(&[]), 0);
        let surplus = compare("stage 0", (&[], &names), (&recorded, &names)).tally;
        assert_eq!((surplus.matched, surplus.total), (0, 1));
    }
}
