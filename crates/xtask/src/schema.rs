//! `cargo xtask schema PATH`: the structural schema of the built-in kinds, from the OpenAPI document of an API server to the
//! compact table that the engine carries (`crates/api/src/schema/table.txt`, whose format is described in `mod.rs` beside it).
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::sh;

/// Go types that the published schema does not tell.
const GO_TYPES: &str = include_str!("schema/go_types.txt");
const TABLE: &str = "crates/api/src/schema/table.txt";
/// Definitions that Go reads with code of its own, and their letters.
const SPECIAL: [(&str, char); 11] = [
    ("io.k8s.apimachinery.pkg.api.resource.Quantity", 'q'),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.Time", 't'),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", 'm'),
    ("io.k8s.apimachinery.pkg.util.intstr.IntOrString", 'p'),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", 'j'),
    ("io.k8s.apimachinery.pkg.runtime.RawExtension", 'j'),
    ("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON", 'j'),
    ("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray", 'j'),
    ("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool", 'j'),
    ("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray", 'j'),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.Patch", 'j'),
];

/// Writes the table.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let [path] = args else { return Err("usage: cargo xtask schema PATH".to_owned()) };
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let schema: Value = serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
    let table = table(&schema)?;
    fs::write(sh::root().join(TABLE), &table).map_err(|error| format!("{TABLE}: {error}"))?;
    println!("{TABLE}: {} bytes", table.len());
    Ok(())
}

fn table(schema: &Value) -> Result<String, String> {
    let definitions = schema["definitions"].as_object().ok_or("no definitions")?;
    let resources = schema["resources"].as_object().ok_or("no resources")?;
    let mut kinds = Vec::new();
    for resource in resources.keys() {
        let (api_version, kind) =
            resource.rsplit_once('/').ok_or_else(|| format!("odd resource {resource}"))?;
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let is_kind = |definition: &Value| {
            let kinds = definition["x-kubernetes-group-version-kind"].as_array();
            kinds.is_some_and(|kinds| {
                kinds.iter().any(|known| {
                    known["group"] == group && known["version"] == version && known["kind"] == kind
                })
            })
        };
        let found = definitions.iter().find(|(_, definition)| is_kind(definition));
        let (name, _) = found.ok_or_else(|| format!("{resource} has no definition"))?;
        kinds.push((api_version, kind, name.as_str()));
    }

    // Every definition that a kind needs, in the order in which they are met.
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    let mut waiting: Vec<&str> = kinds.iter().rev().map(|&(_, _, name)| name).collect();
    while let Some(name) = waiting.pop() {
        if numbers.contains_key(name) || special(name).is_some() {
            continue;
        }
        numbers.insert(name, order.len());
        order.push(name);
        let definition = definitions.get(name).ok_or_else(|| format!("{name} is not defined"))?;
        for field in definition["properties"].as_object().into_iter().flat_map(|fields| fields.values()) {
            waiting.extend(reference(field));
        }
    }

    let mut out = String::new();
    for (api_version, kind, name) in kinds {
        let _ = writeln!(out, ">{api_version} {kind} {}", numbers[name]);
    }
    let go_types = go_types();
    for name in order {
        write_definition(&mut out, name, &definitions[name], &numbers, &go_types)?;
    }
    Ok(out)
}

/// `(struct, field)` -> Go type.
fn go_types() -> BTreeMap<(&'static str, &'static str), &'static str> {
    let rows = GO_TYPES.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| {
        let (definition, rest) = line.split_once(' ')?;
        let (field, go_type) = rest.split_once(' ')?;
        Some(((definition, field), go_type))
    })
    .collect()
}

fn special(name: &str) -> Option<char> {
    SPECIAL.iter().find(|(known, _)| *known == name).map(|&(_, letter)| letter)
}

/// The definition that a field's type mentions.
fn reference(field: &Value) -> Option<&str> {
    field["$ref"].as_str().and_then(|path| path.rsplit('/').next()).or_else(|| {
        ["items", "additionalProperties"].iter().find_map(|inner| field.get(inner)).and_then(reference)
    })
}

fn write_definition(
    out: &mut String,
    name: &str,
    definition: &Value,
    numbers: &BTreeMap<&str, usize>,
    go_types: &BTreeMap<(&str, &str), &str>,
) -> Result<(), String> {
    let mut parts = name.rsplit('.');
    let (go_name, package) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let _ = writeln!(out, "#{package}.{go_name}");
    let required: Vec<&str> = strings(&definition["required"]).collect();
    let Some(fields) = definition["properties"].as_object() else { return Ok(()) };
    for (field, schema) in fields {
        let code =
            type_code(schema, numbers).ok_or_else(|| format!("{name}.{field}: unknown type {schema}"))?;
        let _ = write!(out, "{field} {code}");
        if required.contains(&field.as_str()) {
            out.push_str(" !");
        }
        let short = name.strip_prefix("io.k8s.").unwrap_or(name);
        if let Some(go_type) = go_types.get(&(short, field.as_str())) {
            let _ = write!(out, " @{go_type}");
        }
        let values: Vec<&str> = strings(&schema["enum"]).chain(strings(&schema["items"]["enum"])).collect();
        if !values.is_empty() {
            let _ = write!(out, " ={}", values.join(","));
        }
        match schema["x-kubernetes-list-type"].as_str() {
            Some("set") => out.push_str(" ~"),
            Some("map") => {
                let keys: Vec<&str> = strings(&schema["x-kubernetes-list-map-keys"]).collect();
                let _ = write!(out, " ~{}", keys.join(","));
            }
            _ => {}
        }
        if let Some(strategy) = schema["x-kubernetes-patch-strategy"].as_str() {
            let key = schema["x-kubernetes-patch-merge-key"].as_str().unwrap_or("");
            let _ = write!(out, " ^{strategy}:{key}");
        }
        out.push('\n');
    }
    Ok(())
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn type_code(schema: &Value, numbers: &BTreeMap<&str, usize>) -> Option<String> {
    if let Some(path) = schema["$ref"].as_str() {
        let name = path.rsplit('/').next()?;
        return match special(name) {
            Some(letter) => Some(letter.to_string()),
            None => numbers.get(name).map(usize::to_string),
        };
    }
    let letter = match (schema["type"].as_str()?, schema["format"].as_str()) {
        ("array", _) => return Some(format!("[{}", type_code(&schema["items"], numbers)?)),
        ("object", _) => return Some(format!("{{{}", type_code(&schema["additionalProperties"], numbers)?)),
        ("string", Some("byte")) => 'y',
        ("string", _) => 's',
        ("boolean", _) => 'b',
        ("integer", Some("int64")) => 'l',
        ("integer", _) => 'i',
        ("number", _) => 'f',
        _ => return None,
    };
    Some(letter.to_string())
}
