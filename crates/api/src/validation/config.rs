//! ConfigMaps and Secrets (VAL-CM, VAL-SEC).

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::names;

/// Most bytes in one object.
const LIMIT: usize = 1024 * 1024;

/// A ConfigMap.
pub(crate) fn config_map(errors: &mut Errors, map: &Field<'_>) {
    let (data, binary) = (map.child("data"), map.child("binaryData"));
    let mut size = 0;
    for (key, value) in data.entries() {
        errors.invalid_each(&value, codes::DATA_KEY, key, names::config_key(key));
        if binary.key(key).exists() {
            errors.invalid(&value, codes::DATA_KEY, &quote(key), "duplicate of key present in binaryData");
        }
        size += value.str().len();
    }
    for (key, value) in binary.entries() {
        errors.invalid_each(&value, codes::DATA_KEY, key, names::config_key(key));
        size += decoded_size(value.str());
    }
    if size > LIMIT {
        errors.too_long(map, LIMIT);
    }
}

/// Bytes behind base64 text.
fn decoded_size(text: &str) -> usize {
    text.trim_end_matches('=').len() * 3 / 4
}

/// A Secret; `stringData` has become part of `data` before.
pub(crate) fn secret(errors: &mut Errors, secret: &Field<'_>) {
    let (data, plain) = (secret.child("data"), secret.child("stringData"));
    let mut entries: Vec<(&str, Field<'_>, usize)> = plain
        .entries()
        .into_iter()
        .map(|(key, value)| (key, value.clone().with_path(data.key(key).path()), value.str().len()))
        .collect();
    for (key, value) in data.entries() {
        if !plain.key(key).exists() {
            let size = decoded_size(value.str());
            entries.push((key, value, size));
        }
    }
    entries.sort_by_key(|(key, ..)| *key);
    for (key, value, _) in &entries {
        errors.invalid_each(value, codes::DATA_KEY, key, names::config_key(key));
    }
    if entries.iter().map(|(.., size)| size).sum::<usize>() > LIMIT {
        errors.too_long(&data, LIMIT);
    }
    let size = |key: &str| entries.iter().find(|(known, ..)| *known == key).map(|(.., size)| *size);
    let mut want = |key: &str| {
        let present = size(key).is_some();
        if !present {
            errors.required(&data.key(key), "");
        }
        present
    };
    match secret.child("type").str() {
        "kubernetes.io/service-account-token" => {
            let account = secret.at("metadata.annotations").key("kubernetes.io/service-account.name");
            errors.require(&account);
        }
        "kubernetes.io/dockercfg" if want(".dockercfg") => well_formed(errors, secret, ".dockercfg"),
        "kubernetes.io/dockerconfigjson" if want(".dockerconfigjson") => {
            well_formed(errors, secret, ".dockerconfigjson");
        }
        "kubernetes.io/basic-auth" if size("username").is_none() && size("password").is_none() => {
            want("username");
            want("password");
        }
        "kubernetes.io/ssh-auth" if size("ssh-privatekey").unwrap_or(0) == 0 => {
            errors.required(&data.key("ssh-privatekey"), "");
        }
        "kubernetes.io/tls" => {
            want("tls.crt");
            want("tls.key");
        }
        _ => {}
    }
}

/// The entry must be JSON, an object or null. Its content is not shown.
fn well_formed(errors: &mut Errors, secret: &Field<'_>, key: &str) {
    let (entry, text) = content(secret, key);
    if let Some(problem) = manifest::json::map_error(&text) {
        let value = "\"<secret contents redacted>\"";
        let shown = entry.with_path(secret.child("data").key(key).path());
        errors.invalid(&shown, codes::FORMAT, value, &problem);
    }
}

/// An entry of a Secret and what it holds, as text.
pub(crate) fn content<'a>(secret: &Field<'a>, key: &str) -> (Field<'a>, String) {
    let (plain, data) = (secret.child("stringData").key(key), secret.child("data").key(key));
    if plain.exists() {
        let text = plain.str().to_owned();
        return (plain, text);
    }
    let bytes = manifest::base64::decode(data.str()).unwrap_or_default();
    (data, String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::check as validate;

    #[test]
    fn registry_secrets_are_json() {
        let check = |entry: &str, expected: &[&str]| {
            let yaml = format!(
                "{{apiVersion: v1, kind: Secret, metadata: {{name: s}}, type: kubernetes.io/dockerconfigjson, {entry}}}"
            );
            validate(&yaml, expected);
        };
        check("stringData: {.dockerconfigjson: '{\"auths\": {}}'}", &[]);
        check("data: {.dockerconfigjson: e30=}", &[]);
        check(
            "data: {.dockerconfigjson: Zm9v}",
            &[
                "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'o' in literal false (expecting 'a')",
            ],
        );
    }
}
