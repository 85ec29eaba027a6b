//! JSONPath as far as people use it with kubectl: fields, indexes, `[*]`, filters by equality, and templates with `range`.
//!
//! DIFFERENCE: kubectl knows more: `..`, slices, unions and other comparisons. They are refused here.

use manifest::{Tree, Value};

use super::tree::shown;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    /// From the end when negative.
    Index(i64),
    All,
    /// `[?(@.type=="Ready")]`; the flag is false for `!=`.
    Filter(Vec<Step>, String, bool),
}

/// The values at a path such as `.spec.ports[0].port`, with or without braces. The error says what is not understood.
pub(super) fn values<'t>(path: &str, tree: &'t Tree) -> Result<Vec<&'t Tree>, String> {
    let inner = path.strip_prefix('{').and_then(|path| path.strip_suffix('}')).unwrap_or(path);
    Ok(walk(&steps(inner)?, vec![tree]))
}

fn walk<'t>(steps: &[Step], mut at: Vec<&'t Tree>) -> Vec<&'t Tree> {
    for step in steps {
        at = at.into_iter().flat_map(|tree| next(step, tree)).collect();
    }
    at
}

fn next<'t>(step: &Step, tree: &'t Tree) -> Vec<&'t Tree> {
    match (step, &tree.value) {
        (Step::Field(key), Value::Map(map)) => {
            map.get(key).filter(|tree| !tree.is_null()).into_iter().collect()
        }
        (Step::Index(index), Value::List(items)) => {
            let at = if *index < 0 { index + items.len() as i64 } else { *index };
            usize::try_from(at).ok().and_then(|at| items.get(at)).into_iter().collect()
        }
        (Step::All, Value::List(items)) => items.iter().collect(),
        (Step::All, Value::Map(map)) => map.sorted().into_iter().map(|entry| &entry.value).collect(),
        (Step::Filter(path, wanted, equal), Value::List(items)) => {
            let is =
                |item: &&Tree| walk(path, vec![*item]).first().is_some_and(|found| shown(found) == *wanted);
            items.iter().filter(|item| is(item) == *equal).collect()
        }
        _ => Vec::new(),
    }
}

fn steps(path: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = path.trim().trim_start_matches(['$', '@']);
    while !rest.is_empty() {
        if rest.starts_with("..") {
            return Err(format!("`..` in {path}"));
        } else if let Some(bracket) = rest.strip_prefix('[') {
            let end = closing(bracket).ok_or_else(|| format!("unclosed [ in {path}"))?;
            steps.push(bracketed(bracket[..end].trim()).ok_or_else(|| format!("[{}]", &bracket[..end]))?);
            rest = &bracket[end + 1..];
        } else {
            let (name, after) = field(rest.strip_prefix('.').unwrap_or(rest));
            match name.as_str() {
                "" => {}
                "*" => steps.push(Step::All),
                _ => steps.push(Step::Field(name)),
            }
            rest = after;
        }
    }
    Ok(steps)
}

/// A field's name up to the next step; a backslash takes the meaning from a dot.
fn field(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => name.extend(characters.next().map(|(_, escaped)| escaped)),
            '.' | '[' => return (name, &text[at..]),
            other => name.push(other),
        }
    }
    (name, "")
}

/// Where a bracket that has been opened is closed.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != character),
            (None, '\'' | '"') => quote = Some(character),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some(at),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

fn bracketed(text: &str) -> Option<Step> {
    if text == "*" {
        return Some(Step::All);
    }
    if let Some(condition) = text.strip_prefix("?(").and_then(|text| text.strip_suffix(')')) {
        let (path, value, equal) = match condition.split_once("==") {
            Some((path, value)) => (path, value, true),
            None => condition.split_once("!=").map(|(path, value)| (path, value, false))?,
        };
        return Some(Step::Filter(steps(path).ok()?, unquoted(value.trim()).to_owned(), equal));
    }
    let name = unquoted(text);
    if name.len() < text.len() {
        Some(Step::Field(name.to_owned()))
    } else {
        text.parse().ok().map(Step::Index)
    }
}

fn unquoted(text: &str) -> &str {
    let inside = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    inside('\'').or_else(|| inside('"')).unwrap_or(text)
}

/// Fills a template: `{.metadata.name}{"\n"}`, `{range .items[*]}…{end}`.
pub(super) fn fill(template: &str, tree: &Tree) -> Result<String, String> {
    let mut out = String::new();
    // Without braces the whole is a path.
    if template.contains('{') {
        fill_part(template, tree, &mut out)?;
    } else {
        expression(template, tree, &mut out)?;
    }
    Ok(out)
}

fn fill_part(template: &str, tree: &Tree, out: &mut String) -> Result<(), String> {
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let close = rest[open..].find('}').ok_or_else(|| format!("unclosed {{ in {template}"))? + open;
        let inside = rest[open + 1..close].trim();
        rest = &rest[close + 1..];
        if let Some(path) = inside.strip_prefix("range ") {
            let end = matching_end(rest).ok_or("range without {end}")?;
            for item in values(path, tree)? {
                fill_part(&rest[..end], item, out)?;
            }
            rest = rest[end..].split_once('}').map_or("", |(_, after)| after);
        } else if inside.starts_with(['"', '\'']) {
            out.push_str(&unquoted(inside).replace("\\n", "\n").replace("\\t", "\t"));
        } else if inside != "end" {
            expression(inside, tree, out)?;
        }
    }
    out.push_str(rest);
    Ok(())
}

/// Where the `{end}` of a range stands that has been opened.
fn matching_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, _) in text.match_indices('{') {
        let inside = text[at + 1..].trim_start();
        if inside.starts_with("range ") {
            depth += 1;
        } else if inside.starts_with("end") {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}

fn expression(path: &str, tree: &Tree, out: &mut String) -> Result<(), String> {
    let found: Vec<String> = values(path, tree)?.into_iter().map(shown).collect();
    out.push_str(&found.join(" "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expected: Result<&str, &str>) {
        let text =
            "{items: [{name: a, labels: {x.y/z: '1'}, ports: [80, 443], on: true}, {name: b, ports: [53]}]}";
        let tree = manifest::parse(text).documents.remove(0).content.expect("the text is YAML");
        let found = fill(template, &tree);
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{template}");
    }

    #[test]
    fn templates() {
        check("{.items[*].name}", Ok("a b"));
        check(".items[0].name", Ok("a"));
        check("{.items[-1].name} is last", Ok("b is last"));
        check("{.items[0].labels.x\\.y/z}{.items[0].labels['x.y/z']}", Ok("11"));
        check(r#"{range .items[*]}{.name}{"\t"}{.ports}{"\n"}{end}."#, Ok("a\t[80,443]\nb\t[53]\n."));
        check(r#"{range .items[*]}{range .ports[*]}{@}{" "}{end}/{end}"#, Ok("80 443 /53 /"));
        check(r#"{.items[?(@.name=="b")].ports[0]}"#, Ok("53"));
        check(r#"{.items[?(@.name!="b")].name}"#, Ok("a"));
        check("{.nothing.here}", Ok(""));
        check("{.items[?(@.x)]}", Err("[?(@.x)]"));
        check("{..name}", Err("`..` in ..name"));
        check("{.items[0", Err("unclosed { in {.items[0"));
        check("{range .items[*]}{.name}", Err("range without {end}"));
    }
}
