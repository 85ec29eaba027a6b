//! The difference of two specs, of pods, claims or volumes, as the API server shows it: a unified diff of the indented JSON of the internal
//! type (UPD-1).

use std::fmt::Write as _;

use manifest::Tree;

use super::field::Field;
use super::go_json::{self, Shape};
use super::pod_shape::POD_SPEC;

/// What v1 has in the spec and the internal type has in the security context.
const MOVED: &[&str] = &["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

/// Lines of the volume `kube-api-access-*` in that JSON. The ServiceAccount plugin adds it to pods, where it always looks
/// the same; here it is not part of the tree, and counts.
const API_ACCESS_LINES: usize = 105;

const API_ACCESS: &str = "kube-api-access";

/// A pod template, on one line, as an immutable field shows it.
pub(crate) fn template(template: &Field<'_>) -> String {
    let metadata = template.child("metadata").json();
    let open = metadata.strip_suffix('}').filter(|text| *text != "{");
    let spec = spec_json(&template.child("spec"), false);
    format!("{}\"Spec\":{spec}}}", open.map_or_else(|| "{".to_owned(), |text| format!("{text},")))
}

/// A pod spec, on one line.
pub(crate) fn spec(spec: &Field<'_>) -> String {
    spec_json(spec, false)
}

/// The diff from `old` to `new`.
pub(crate) fn spec_diff(old: &Field<'_>, new: &Field<'_>) -> String {
    let lines = |spec: &Field<'_>| {
        let token = has_token(spec);
        let mut lines = indented(&spec_json(spec, token));
        if token {
            let end =
                lines.iter().position(|line| line == " ],").filter(|_| !spec.child("volumes").is_empty());
            let filler = std::iter::repeat_n(String::new(), API_ACCESS_LINES);
            match end {
                Some(end) => lines.splice(end..end, filler).for_each(drop),
                // The list itself takes two lines instead of one.
                None => lines.splice(1..2, filler.chain([String::new(), String::new()])).for_each(drop),
            }
        }
        lines
    };
    unified(&lines(old), &lines(new))
}

/// The diff from one value of the given shape to another.
pub(crate) fn shape_diff(old: &Field<'_>, new: &Field<'_>, shape: Shape) -> String {
    let lines = |value: &Field<'_>| indented(&go_json::render(value, shape));
    unified(&lines(old), &lines(new))
}

/// Whether the plugin would add the token volume, and nobody has put it into the tree.
fn has_token(spec: &Field<'_>) -> bool {
    let named = |volume: &Field<'_>| volume.child("name").str().starts_with(API_ACCESS);
    spec.child("automountServiceAccountToken").bool() != Some(false)
        && !spec.child("volumes").items().iter().any(named)
}

/// The internal JSON on one line; `token` adds the mount of the token volume to every container.
fn spec_json(spec: &Field<'_>, token: bool) -> String {
    let mut tree = spec.tree().cloned().unwrap_or_default();
    if let Some(map) = tree.as_map_mut() {
        let moved: Vec<(&str, Tree)> =
            MOVED.iter().filter_map(|name| Some((*name, map.remove(name)?))).collect();
        let context = map.or_insert_with("securityContext", Tree::map);
        if let Some(context) = context.as_map_mut() {
            for (name, value) in moved {
                context.insert(name, value);
            }
        }
        for list in ["containers", "initContainers"] {
            let containers = map.get_mut(list).and_then(Tree::as_list_mut);
            for container in containers.into_iter().flatten().filter(|_| token) {
                add_mount(container);
            }
        }
    }
    go_json::render(&Field::root(&tree), POD_SPEC)
}

fn add_mount(container: &mut Tree) {
    let text = |text: &str| Tree::added(text);
    let mount: manifest::Map = [
        ("name".to_owned(), text(API_ACCESS)),
        ("readOnly".to_owned(), Tree::added(true)),
        ("mountPath".to_owned(), text("/var/run/secrets/kubernetes.io/serviceaccount")),
    ]
    .into_iter()
    .collect();
    if let Some(container) = container.as_map_mut() {
        let mounts = container.or_insert_with("volumeMounts", || Tree::added(Vec::new()));
        if let Some(mounts) = mounts.as_list_mut() {
            mounts.push(Tree::added(mount));
        }
    }
}

/// JSON on one line, laid out as Go's `MarshalIndent` does with one space a level.
fn indented(json: &str) -> Vec<String> {
    let (mut lines, mut line, mut depth, mut in_string, mut escaped) =
        (Vec::new(), String::new(), 0, false, false);
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        let closes = matches!(character, '}' | ']') && !in_string;
        if closes {
            depth -= 1;
            lines.push(std::mem::take(&mut line));
            line.push_str(&" ".repeat(depth));
        }
        line.push(character);
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
            continue;
        }
        match character {
            '"' => in_string = true,
            ':' => line.push(' '),
            '{' | '[' => {
                if let Some(close) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    line.push(close);
                } else {
                    depth += 1;
                    lines.push(std::mem::take(&mut line));
                    line.push_str(&" ".repeat(depth));
                }
            }
            ',' => {
                lines.push(std::mem::take(&mut line));
                line.push_str(&" ".repeat(depth));
            }
            _ => {}
        }
    }
    lines.push(line);
    lines
}

/// Lines around a change.
const CONTEXT: usize = 3;

/// A step of the diff: a line that both have, or that one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Same(usize, usize),
    Removed(usize),
    Added(usize),
}

/// The unified diff of two texts, without file names.
fn unified(old: &[String], new: &[String]) -> String {
    let steps = steps(old, new);
    let changed: Vec<usize> =
        (0..steps.len()).filter(|&index| !matches!(steps[index], Step::Same(..))).collect();
    let mut out = String::new();
    let mut at = 0;
    while at < changed.len() {
        let mut end = at;
        while end + 1 < changed.len() && changed[end + 1] - changed[end] <= 2 * CONTEXT + 1 {
            end += 1;
        }
        let range = changed[at].saturating_sub(CONTEXT)..(changed[end] + CONTEXT + 1).min(steps.len());
        hunk(&mut out, &steps, range, old, new);
        at = end + 1;
    }
    out
}

fn hunk(out: &mut String, steps: &[Step], range: std::ops::Range<usize>, old: &[String], new: &[String]) {
    let before = &steps[..range.start];
    let inside = &steps[range];
    let count = |steps: &[Step], skip: fn(&Step) -> bool| steps.iter().filter(|step| !skip(step)).count();
    let in_old: fn(&Step) -> bool = |step| matches!(step, Step::Added(_));
    let in_new: fn(&Step) -> bool = |step| matches!(step, Step::Removed(_));
    let side = |skip: fn(&Step) -> bool| {
        let (start, length) = (count(before, skip) + 1, count(inside, skip));
        match length {
            1 => start.to_string(),
            0 => format!("{},0", start - 1),
            _ => format!("{start},{length}"),
        }
    };
    let _ = writeln!(out, "@@ -{} +{} @@", side(in_old), side(in_new));
    for step in inside {
        let (mark, text) = match *step {
            Step::Same(index, _) => (' ', &old[index]),
            Step::Removed(index) => ('-', &old[index]),
            Step::Added(index) => ('+', &new[index]),
        };
        out.push(mark);
        out.push_str(text);
        out.push('\n');
    }
}

/// Longest common subsequence of what lies between the common beginning and end.
fn steps(old: &[String], new: &[String]) -> Vec<Step> {
    let shared =
        |pairs: &mut dyn Iterator<Item = (&String, &String)>| pairs.take_while(|(a, b)| a == b).count();
    let head = shared(&mut old.iter().zip(new));
    let tail = shared(&mut old[head..].iter().rev().zip(new[head..].iter().rev()));
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut lengths = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i][j] = if a[i] == b[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let mut steps: Vec<Step> = (0..head).map(|index| Step::Same(index, index)).collect();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            steps.push(Step::Same(head + i, head + j));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && lengths[i + 1][j] >= lengths[i][j + 1]) {
            steps.push(Step::Removed(head + i));
            i += 1;
        } else {
            steps.push(Step::Added(head + j));
            j += 1;
        }
    }
    let (a_end, b_end) = (old.len() - tail, new.len() - tail);
    steps.extend((0..tail).map(|index| Step::Same(a_end + index, b_end + index)));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    #[test]
    fn json_is_laid_out_as_in_go() {
        let expected = ["{", " \"a\": [", "  1,", "  \"x:,{\"", " ],", " \"b\": {}", "}"];
        assert_eq!(indented(r#"{"a":[1,"x:,{"],"b":{}}"#), expected);
    }

    #[test]
    fn hunks_have_three_lines_around() {
        let diff = unified(&lines("abcdefghij"), &lines("abcdXfghij"));
        assert_eq!(diff, "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n");
        assert_eq!(unified(&lines("ab"), &lines("ab")), "");
        assert_eq!(unified(&lines("a"), &lines("ab")), "@@ -1 +1,2 @@\n a\n+b\n");
    }
}
