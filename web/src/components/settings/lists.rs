//! Lists as people type them into a field: separated by commas.

use rules::SortedMap;

/// The entries of a list.
pub(crate) fn entries(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

/// Labels: `key=value`, or a key with an empty value.
pub(crate) fn labels(text: &str) -> SortedMap<String, String> {
    let pairs = entries(text).into_iter().map(|entry| match entry.split_once('=') {
        Some((key, value)) => (key.trim().to_owned(), value.trim().to_owned()),
        None => (entry, String::new()),
    });
    pairs.filter(|(key, _)| !key.is_empty()).collect()
}

/// Labels as [`labels`] reads them.
pub(crate) fn label_text(labels: &SortedMap<String, String>) -> String {
    labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_come_back() {
        for (typed, shown) in [("", ""), ("a=b", "a=b"), (" b = 2 ,a", "a=, b=2"), (",,=x,c=d=e", "c=d=e")] {
            assert_eq!(label_text(&labels(typed)), shown);
            assert_eq!(labels(shown), labels(typed));
        }
    }
}
