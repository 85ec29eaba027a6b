//! What a misspelt name was meant to be.

use super::{Definition, Kind, kinds};

/// The field of a struct that a name was meant to be: the same letters in another case, or few typing mistakes away.
pub fn field_for(definition: Definition, name: &str) -> Option<&'static str> {
    closest(name, definition.fields().iter().map(|field| field.name))
}

/// The built-in kind that was meant: the kind in another version, or the closest spelling, in that version if it has one.
pub fn kind_for(api_version: &str, kind: &str) -> Option<&'static Kind> {
    let name = closest(kind, kinds().iter().map(|known| known.kind))?;
    let same_name = || kinds().iter().filter(|known| known.kind == name);
    same_name().find(|known| known.api_version == api_version).or_else(|| same_name().next_back())
}

/// The candidate closest to a name: at most one mistake for every three letters, and only one candidate so close.
pub fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.chars().count() / 3;
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in candidates {
        if candidate.eq_ignore_ascii_case(name) {
            return Some(candidate);
        }
        let distance = distance(name, candidate);
        match best {
            _ if distance > limit => {}
            Some((least, known)) if distance == least => tied |= candidate != known,
            Some((least, _)) if distance > least => {}
            _ => (best, tied) = (Some((distance, candidate)), false),
        }
    }
    best.filter(|_| !tied).map(|(_, candidate)| candidate)
}

/// How many letters have to be added, left out, replaced or swapped with the next, whatever their case.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    let other: Vec<char> = other.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let same = one[i - 1] == other[j - 1];
            let mut cost = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + usize::from(!same));
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                cost = cost.min(before_last[j - 2] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::lookup;

    #[test]
    fn misspelt_names_are_found() {
        let pod_port =
            |name| closest(name, ["containerPort", "hostPort", "hostIP", "name", "protocol"].into_iter());
        assert_eq!(pod_port("containerport"), Some("containerPort"));
        assert_eq!(pod_port("contianerPort"), Some("containerPort"));
        assert_eq!(pod_port("hostPrt"), Some("hostPort"));
        assert_eq!(pod_port("port"), None);
        let deployment = lookup("apps/v1", "Deployment").expect("built in");
        assert_eq!(field_for(deployment, "sepc"), Some("spec"));
    }

    #[test]
    fn kinds_are_found_in_their_version() {
        let check =
            |api_version, kind| kind_for(api_version, kind).map(|known| (known.api_version, known.kind));
        assert_eq!(check("apps/v1", "Deploymnet"), Some(("apps/v1", "Deployment")));
        assert_eq!(check("extensions/v1beta1", "Ingress"), Some(("networking.k8s.io/v1", "Ingress")));
        assert_eq!(
            check("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
            Some(("autoscaling/v2", "HorizontalPodAutoscaler"))
        );
        assert_eq!(check("v1", "Frobnicator"), None);
    }
}
