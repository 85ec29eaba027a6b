//! Reading and building value trees, with the short forms in which kubectl prints their parts.

use api::labels::{Labels, Operator, Requirement};
use manifest::{Map, Tree, Value};

/// A mapping of fields.
pub(super) fn map(fields: Vec<(&str, Tree)>) -> Tree {
    Tree::added(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map>())
}

/// A string.
pub(super) fn text(text: &str) -> Tree {
    Tree::added(text)
}

/// A list.
pub(super) fn list(items: impl IntoIterator<Item = Tree>) -> Tree {
    Tree::added(items.into_iter().collect::<Vec<_>>())
}

/// Labels or annotations as a mapping.
pub(super) fn labels(labels: &Labels) -> Tree {
    map(labels.iter().map(|(key, value)| (key.as_str(), text(value))).collect())
}

/// Sets the value at a path; mappings that are missing on the way are made.
pub(super) fn set(tree: &mut Tree, path: &[&str], value: Tree) {
    let Some((&last, way)) = path.split_last() else { return };
    let mut at = tree;
    for &key in way {
        let Some(map) = at.as_map_mut() else { return };
        at = map.or_insert_with(key, Tree::map);
    }
    if let Some(map) = at.as_map_mut() {
        map.insert(last, value);
    }
}

/// The integer at a path; 0 when there is none.
pub(super) fn int(tree: &Tree, path: &[&str]) -> i64 {
    tree.at(path).and_then(Tree::as_i64).unwrap_or(0)
}

/// Whether the value at a path is true.
pub(super) fn is(tree: &Tree, path: &[&str]) -> bool {
    tree.at(path).and_then(Tree::as_bool).unwrap_or(false)
}

/// A value as text: strings as they are.
pub(super) fn shown(tree: &Tree) -> String {
    match &tree.value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        _ => tree.to_json(),
    }
}

/// The value at a path as text; `default` when there is none.
pub(super) fn at_or(tree: &Tree, path: &[&str], default: &str) -> String {
    tree.at(path).map(shown).filter(|text| !text.is_empty()).unwrap_or_else(|| default.to_owned())
}

/// How many entries or items a value has.
pub(super) fn len(tree: Option<&Tree>) -> usize {
    match tree.map(|tree| &tree.value) {
        Some(Value::Map(map)) => map.len(),
        Some(Value::List(items)) => items.len(),
        _ => 0,
    }
}

/// The entries of a mapping of texts, sorted by key.
pub(super) fn pairs(tree: Option<&Tree>) -> Vec<(&str, String)> {
    let entries = tree.and_then(Tree::as_map).map(Map::sorted).unwrap_or_default();
    entries.into_iter().map(|entry| (entry.key.as_str(), shown(&entry.value))).collect()
}

/// `a=b,c=d`; `<none>` when empty.
pub(super) fn format_labels(tree: Option<&Tree>) -> String {
    let pairs: Vec<String> = pairs(tree).into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    none_if_empty(pairs.join(","))
}

/// A LabelSelector: its requirements sorted by key; `<none>` when empty.
pub(super) fn format_selector(tree: Option<&Tree>) -> String {
    let labels = tree.and_then(|tree| tree.get("matchLabels"));
    let mut parts: Vec<(&str, String)> =
        pairs(labels).into_iter().map(|(key, value)| (key, format!("{key}={value}"))).collect();
    for expression in tree.map(|tree| tree.list_at(&["matchExpressions"])).unwrap_or_default() {
        let key = expression.str_at(&["key"]);
        let mut values: Vec<String> = expression.list_at(&["values"]).iter().map(shown).collect();
        values.sort();
        let values = values.join(",");
        parts.push((
            key,
            match expression.str_at(&["operator"]) {
                "In" => format!("{key} in ({values})"),
                "NotIn" => format!("{key} notin ({values})"),
                "DoesNotExist" => format!("!{key}"),
                _ => key.to_owned(),
            },
        ));
    }
    let parts = sorted_by(parts, |(key, _)| (*key).to_owned());
    none_if_empty(parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>().join(","))
}

/// The items in the order of a text that each of them has. One sort does for all: it is compiled anew for each type that it sorts,
/// and nothing here is sorted often.
pub(super) fn sorted_by<T>(items: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    let order = order(items.iter().map(key).collect());
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| items.get_mut(at)?.take()).collect()
}

fn order(keys: Vec<String>) -> Vec<usize> {
    let mut keys: Vec<(String, usize)> = keys.into_iter().zip(0..).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, at)| at).collect()
}

/// The text, or `<none>`.
pub(super) fn none_if_empty(text: String) -> String {
    if text.is_empty() { "<none>".to_owned() } else { text }
}

/// Texts of a list, joined.
pub(super) fn joined(items: &[Tree], separator: &str) -> String {
    items.iter().map(shown).collect::<Vec<_>>().join(separator)
}

/// At most `most` texts, and how many more there are.
pub(super) fn some_of(all: &[String], most: usize) -> String {
    let shown = all[..all.len().min(most)].join(",");
    if all.len() > most { format!("{shown} + {} more...", all.len() - most) } else { shown }
}

/// Reads a label selector of the command line: `a=b,c!=d,e,!f,g in (x,y),h notin (z)`.
pub(super) fn parse_selector(text: &str) -> Result<Vec<Requirement>, String> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    let filled = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    filled
        .map(|part| requirement(part).ok_or_else(|| format!("unable to parse requirement: {part:?}")))
        .collect()
}

fn requirement(part: &str) -> Option<Requirement> {
    let words: Vec<&str> = part.splitn(3, [' ', '(']).collect();
    let (key, operator, values) = if let Some(key) = part.strip_prefix('!') {
        (key.trim(), Operator::DoesNotExist, Vec::new())
    } else if let (Some(operator), Some(end)) = (set_operator(&words), part.find('(')) {
        let values = part[end + 1..].strip_suffix(')')?;
        (words[0], operator, values.split(',').map(|value| value.trim().to_owned()).collect())
    } else if let Some(pair) = part.split_once("!=") {
        one_value(pair, Operator::NotIn)
    } else if let Some((key, value)) = part.split_once('=') {
        one_value((key, value.strip_prefix('=').unwrap_or(value)), Operator::In)
    } else if let Some(pair) = part.split_once('>') {
        one_value(pair, Operator::Gt)
    } else if let Some(pair) = part.split_once('<') {
        one_value(pair, Operator::Lt)
    } else {
        (part, Operator::Exists, Vec::new())
    };
    let is_name = |text: &str| text.chars().all(|at| at.is_ascii_alphanumeric() || "-_./".contains(at));
    let fits = !key.is_empty() && is_name(key) && values.iter().all(|value| is_name(value));
    fits.then(|| Requirement { key: key.to_owned(), operator, values })
}

fn one_value<'a>((key, value): (&'a str, &str), operator: Operator) -> (&'a str, Operator, Vec<String>) {
    (key.trim(), operator, vec![value.trim().to_owned()])
}

fn set_operator(words: &[&str]) -> Option<Operator> {
    match *words.get(1)? {
        "in" => Some(Operator::In),
        "notin" => Some(Operator::NotIn),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::labels::Selector;

    fn read(text: &str) -> Tree {
        manifest::parse(text).documents.remove(0).content.expect("the text is YAML")
    }

    #[test]
    fn selectors_print_sorted() {
        let tree = read(
            "{matchLabels: {b: x, a: w}, matchExpressions: [{key: ab, operator: In, values: [z]}, {key: c, operator: Exists}, {key: d, operator: DoesNotExist}, {key: e, operator: NotIn, values: [q, p]}]}",
        );
        assert_eq!(format_selector(Some(&tree)), "a=w,ab in (z),b=x,c,!d,e notin (p,q)");
        assert_eq!(format_selector(None), "<none>");
    }

    fn check(text: &str, expected: Result<&str, ()>) {
        let found =
            parse_selector(text).map(|requirements| Selector { requirements }.to_string()).map_err(|_| ());
        assert_eq!(found, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn selectors_of_the_command_line() {
        check("app=web", Ok("app=web"));
        check("app==web,tier!=db", Ok("app=web,tier notin (db)"));
        check("app in (a, b),env notin (dev),x,!y", Ok("app in (a,b),env notin (dev),x,!y"));
        check("n>3", Ok("n>3"));
        check("", Ok("<none>"));
        check("in=x", Ok("in=x"));
        check("app in (a", Err(()));
        check("=web", Err(()));
        check("a b", Err(()));
    }
}
