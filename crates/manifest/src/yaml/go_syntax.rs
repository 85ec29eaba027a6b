//! Values as Go's `%#v` prints them: go-yaml and its JSON conversion quote refused map keys that way.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::compose::{Node, NodeId, NodeKind, Nodes};
use super::resolve::{Scalar, resolve};

/// A value as the argument of `%#v`.
pub(super) fn argument(nodes: &Nodes, id: NodeId) -> String {
    match of(nodes, id).as_str() {
        "interface {}(nil)" => "<nil>".to_owned(),
        other => other.to_owned(),
    }
}

/// A value inside another one. Nothing is printed below the depth that a value tree may have.
pub(super) fn of(nodes: &Nodes, id: NodeId) -> String {
    let mut out = String::new();
    write_value(nodes, id, &mut out, 0);
    out
}

fn write_value(nodes: &Nodes, id: NodeId, out: &mut String, depth: usize) {
    if depth > super::build::MAX_DEPTH {
        return;
    }
    match &nodes[id].kind {
        NodeKind::Alias { target, .. } => write_value(nodes, *target, out, depth + 1),
        NodeKind::Sequence(children) => {
            out.push_str("[]interface {}{");
            for (index, &child) in children.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_value(nodes, child, out, depth + 1);
            }
            out.push('}');
        }
        NodeKind::Mapping(children) => {
            let pair = |(index, pair): (usize, &[NodeId])| {
                let [mut key, mut value] = [String::new(), String::new()];
                write_value(nodes, pair[0], &mut key, depth + 1);
                write_value(nodes, pair[1], &mut value, depth + 1);
                (key, Reverse(index), value)
            };
            // Of several entries with one key the last counts.
            let mut pairs: Vec<_> = children.chunks_exact(2).enumerate().map(pair).collect();
            pairs.sort_unstable();
            pairs.dedup_by(|other, first| other.0 == first.0);
            let pairs: Vec<String> = pairs.iter().map(|(key, _, value)| format!("{key}:{value}")).collect();
            out.push_str("map[interface {}]interface {}{");
            out.push_str(&pairs.join(", "));
            out.push('}');
        }
        NodeKind::Scalar { value, .. } => match scalar(&nodes[id]) {
            Some(Scalar::Null) => out.push_str("interface {}(nil)"),
            Some(Scalar::Bool(value)) => out.push_str(&value.to_string()),
            Some(Scalar::Int(value)) => out.push_str(&value.to_string()),
            Some(Scalar::Uint(value)) => {
                let _ = write!(out, "{value:#x}");
            }
            Some(Scalar::Float(value)) => out.push_str(&general(&format!("{value:e}"))),
            _ => quote(value, out),
        },
    }
}

/// The value of a scalar node, if it can be told.
pub(super) fn scalar(node: &Node) -> Option<Scalar> {
    match &node.kind {
        NodeKind::Scalar { tag, implicit, .. } if tag.is_empty() && !implicit => Some(Scalar::String),
        NodeKind::Scalar { value, tag, .. } => resolve(tag, value).ok(),
        _ => None,
    }
}

/// Whether the node is a number beyond `i64`.
pub(super) fn is_uint(node: &Node) -> bool {
    matches!(scalar(node), Some(Scalar::Uint(_)))
}

/// A float as `strconv.FormatFloat(value, 'g', -1, 32)` prints it: how float keys become strings.
pub(super) fn short_float(value: f64) -> String {
    let short = value as f32;
    if short.is_nan() {
        ".nan".to_owned()
    } else if short.is_infinite() {
        if short > 0.0 { ".inf".to_owned() } else { "-.inf".to_owned() }
    } else {
        general(&format!("{short:e}"))
    }
}

/// Turns `1.5e3` into Go's shortest `%g` form: plain digits for exponents from -4 to 5.
fn general(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    if !(-4..6).contains(&exponent) {
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{direction}{:02}", exponent.abs());
    }
    let digits = mantissa.replace('.', "");
    let point = exponent + 1;
    if point <= 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize));
    }
    let point = point as usize;
    if digits.len() <= point {
        return format!("{sign}{digits}{}", "0".repeat(point - digits.len()));
    }
    format!("{sign}{}.{}", &digits[..point], &digits[point..])
}

/// A string in Go's quotes.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(out, "\\x{:02x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
