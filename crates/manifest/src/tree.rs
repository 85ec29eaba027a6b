//! The value tree of one document: JSON values that know where they stand in the text.

use std::fmt::{self, Write as _};

use crate::Span;

/// A number as JSON would carry it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Fits an `i64`.
    Int(i64),
    /// Larger than `i64::MAX`.
    Uint(u64),
    /// Everything else.
    Float(f64),
}

impl Number {
    /// A float as it arrives at the API server: kubectl writes it as JSON and reads it back, so `1.0` becomes the integer 1.
    pub fn of_json(value: f64) -> Self {
        let float = Self::Float(value);
        float.to_string().parse().map_or(float, Self::Int)
    }
}

/// The value of a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// A sequence.
    List(Vec<Tree>),
    /// A mapping.
    Map(Map),
}

/// A value and its place. `span` is `None` for what the API server added.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The value.
    pub value: Value,
    /// Where it stands in the text; for a mapping or sequence from its first to its last token.
    pub span: Option<Span>,
}

/// One key of a mapping with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key, as JSON has it (`on:` is `"true"`).
    pub key: String,
    /// Where the key stands.
    pub key_span: Option<Span>,
    /// The value.
    pub value: Tree,
}

/// A mapping in the order of the text, without duplicate keys.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
}

/// Trees are equal when their values are; places do not count.
impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// Mappings are equal when they hold the same keys with the same values, in any order.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|entry| other.get(&entry.key) == Some(&entry.value))
    }
}

impl Map {
    /// A mapping of entries that are known to have different keys, in their order.
    pub(crate) fn from_unique(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The entries in the order of the text, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Entry> {
        self.entries.iter_mut()
    }

    /// The entries sorted by key, bytewise: the order in which kubectl sends them and Go marshals maps.
    pub fn sorted(&self) -> Vec<&Entry> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        entries
    }

    /// The entry of `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of `key`; `Some` for an explicit null as well.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Tree> {
        self.entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value)
    }

    /// Sets `key`, keeping its position and its key's place when it exists.
    pub fn insert(&mut self, key: impl Into<String>, value: Tree) {
        let key = key.into();
        if let Some(old) = self.get_mut(&key) {
            *old = value;
        } else {
            self.entries.push(Entry { key, key_span: None, value });
        }
    }

    /// Adds an entry with the place of its key; a key that exists keeps its position and gets the new value.
    pub fn insert_entry(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|old| old.key == entry.key) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }

    /// Removes `key`.
    pub fn remove(&mut self, key: &str) -> Option<Tree> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at).value)
    }

    /// The value of `key`, set to `default()` first when it is absent or null (DEC-7: null is absent).
    pub fn or_insert_with(&mut self, key: &str, default: impl FnOnce() -> Tree) -> &mut Tree {
        let at = self.entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            self.entries.push(Entry { key: key.to_owned(), key_span: None, value: Tree::default() });
            self.entries.len() - 1
        });
        let value = &mut self.entries[at].value;
        if value.is_null() {
            *value = default();
        }
        value
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Map {
    type Item = &'a mut Entry;
    type IntoIter = std::slice::IterMut<'a, Entry>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl FromIterator<(String, Tree)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Tree)>>(pairs: I) -> Self {
        let mut map = Self::default();
        for (key, value) in pairs {
            map.insert(key, value);
        }
        map
    }
}

impl Tree {
    /// A value that stands nowhere in the text.
    pub fn added(value: impl Into<Value>) -> Self {
        Self { value: value.into(), span: None }
    }

    /// An empty mapping that stands nowhere in the text.
    pub fn map() -> Self {
        Self::added(Value::Map(Map::default()))
    }

    /// Whether the value is null.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The integer, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self.value {
            Value::Number(Number::Int(value)) => Some(value),
            _ => None,
        }
    }

    /// The items, if it is a sequence.
    pub fn as_list(&self) -> Option<&[Tree]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The items, if it is a sequence, to be changed.
    pub fn as_list_mut(&mut self) -> Option<&mut Vec<Tree>> {
        match &mut self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The mapping, if it is one, to be changed.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The value of `key`; absent and null are the same (DEC-7).
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.as_map()?.get(key).filter(|tree| !tree.is_null())
    }

    /// The value of `key`, to be changed; absent and null are the same.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Tree> {
        self.as_map_mut()?.get_mut(key).filter(|tree| !tree.is_null())
    }

    /// The value at a path of keys: `tree.at(&["metadata", "name"])`.
    pub fn at(&self, path: &[&str]) -> Option<&Tree> {
        path.iter().try_fold(self, |tree, key| tree.get(key))
    }

    /// The value at a path of keys, to be changed.
    pub fn at_mut(&mut self, path: &[&str]) -> Option<&mut Tree> {
        path.iter().try_fold(self, |tree, key| tree.get_mut(key))
    }

    /// The string at a path of keys; empty when there is none.
    pub fn str_at(&self, path: &[&str]) -> &str {
        self.at(path).and_then(Tree::as_str).unwrap_or("")
    }

    /// The items at a path of keys; empty when there are none.
    pub fn list_at(&self, path: &[&str]) -> &[Tree] {
        self.at(path).and_then(Tree::as_list).unwrap_or(&[])
    }

    /// The JSON text as Go's `encoding/json` marshals it: compact, keys sorted, `<`, `>` and `&` escaped.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) -> fmt::Result {
        match &self.value {
            Value::Null => out.write_str("null"),
            Value::Bool(value) => write!(out, "{value}"),
            Value::Number(number) => write!(out, "{number}"),
            Value::String(text) => write_json_string(out, text),
            Value::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write_json(out)?;
                }
                out.write_char(']')
            }
            Value::Map(map) => {
                out.push('{');
                for (index, entry) in map.sorted().into_iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_json_string(out, &entry.key)?;
                    out.push(':');
                    entry.value.write_json(out)?;
                }
                out.write_char('}')
            }
        }
    }
}

/// Writes a JSON string as Go does by default: HTML characters and the two line separators escaped.
fn write_json_string(out: &mut String, text: &str) -> fmt::Result {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => write!(out, "\\u{:04x}", character as u32)?,
            control if (control as u32) < 0x20 => write!(out, "\\u{:04x}", control as u32)?,
            other => out.push(other),
        }
    }
    out.write_char('"')
}

/// Numbers print as Go's `encoding/json` prints them.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Uint(value) => write!(f, "{value}"),
            Self::Float(value) => {
                let magnitude = value.abs();
                if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
                    let text = format!("{value:e}");
                    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                    let (sign, digits) =
                        exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
                    write!(f, "{mantissa}e{sign}{digits:0>2}")
                } else {
                    write!(f, "{value}")
                }
            }
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Number::Int(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<Vec<Tree>> for Value {
    fn from(value: Vec<Tree>) -> Self {
        Self::List(value)
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Self {
        Self::Map(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> String {
        Number::Float(value).to_string()
    }

    #[test]
    fn numbers_print_as_in_go() {
        assert_eq!(
            [number(1.5), number(1e21), number(1e-7), number(100.0)],
            ["1.5", "1e+21", "1e-07", "100"]
        );
    }

    #[test]
    fn json_sorts_keys_and_escapes() {
        let mut map = Map::default();
        map.insert("b", Tree::added(1));
        map.insert("a", Tree::added(vec![Tree::added("<\"\n"), Tree::default()]));
        assert_eq!(Tree::added(map).to_json(), r#"{"a":["\u003c\"\n",null],"b":1}"#);
    }

    #[test]
    fn null_is_absent() {
        let mut tree = Tree::map();
        tree.as_map_mut().unwrap().insert("a", Tree::default());
        assert!(tree.get("a").is_none());
        assert_eq!(tree.as_map_mut().unwrap().or_insert_with("a", || Tree::added(3)).as_i64(), Some(3));
    }
}
