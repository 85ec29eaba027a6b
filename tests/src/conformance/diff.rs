//! The differences between two JSON values, by path.

use serde_json::Value;

use super::score::sides;

/// At most this many differences of one object are shown.
const SHOWN: usize = 4;

/// How two values differ; `None` when they are equal. An explicit null is the same as nothing, as for the API server.
pub(super) fn difference(recorded: &Value, ours: &Value) -> Option<String> {
    let mut found = Vec::new();
    walk("", recorded, ours, &mut found);
    let more = found.len().saturating_sub(SHOWN);
    found.truncate(SHOWN);
    if more > 0 {
        found.push(format!("and {more} more"));
    }
    (!found.is_empty()).then(|| found.join("\n"))
}

fn walk(path: &str, recorded: &Value, ours: &Value, found: &mut Vec<String>) {
    match (recorded, ours) {
        (Value::Object(left), Value::Object(right)) => {
            let only_right = right.keys().filter(|key| !left.contains_key(*key));
            for key in left.keys().chain(only_right) {
                walk(&format!("{path}.{key}"), &recorded[key], &ours[key], found);
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            for index in 0..left.len().max(right.len()) {
                walk(&format!("{path}[{index}]"), &recorded[index], &ours[index], found);
            }
        }
        _ if recorded == ours => {}
        _ => found.push(sides(path.trim_start_matches('.'), show(recorded), show(ours))),
    }
}

fn show(value: &Value) -> String {
    const LONGEST: usize = 600;
    let text = if value.is_null() { "(absent)".to_owned() } else { value.to_string() };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// How two lists of lines differ: the first line that does.
pub(super) fn lines(name: &str, recorded: &[String], ours: &[String]) -> Option<String> {
    let longest = recorded.len().max(ours.len());
    let at = (0..longest).find(|&index| recorded.get(index) != ours.get(index))?;
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "(no more lines)".into());
    Some(sides(&format!("{name} line {}", at + 1), line(recorded), line(ours)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_difference_is_found() {
        let left = json!({"a": 1, "b": [1, {"c": true}], "d": null});
        assert_eq!(difference(&left, &json!({"a": 1, "b": [1, {"c": true}]})), None);
        for (right, path) in [
            (json!({"a": 2, "b": [1, {"c": true}]}), "a\n"),
            (json!({"b": [1, {"c": true}]}), "a\n"),
            (json!({"a": 1, "b": [1, {"c": false}]}), "b[1].c\n"),
            (json!({"a": 1, "b": [1]}), "b[1]\n"),
            (json!({"a": 1, "b": [1, {"c": true}, 4]}), "b[2]\n"),
            (json!({"a": 1, "b": [1, {"c": true}], "e": {}}), "e\n"),
        ] {
            let found = difference(&left, &right).unwrap_or_default();
            assert!(found.starts_with(path), "{found}");
        }
    }

    #[test]
    fn lines_differ_at_the_first() {
        let texts = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        assert_eq!(lines("stdout", &texts(&["a"]), &texts(&["a"])), None);
        let found = lines("stdout", &texts(&["a", "b"]), &texts(&["a"]));
        assert_eq!(found.as_deref(), Some("stdout line 2\n  recorded: b\n  ours:     (no more lines)"));
    }
}
