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
    let data = secret.child("data");
    let mut total = 0;
    for (key, value) in data.entries() {
        errors.invalid_each(&value, codes::DATA_KEY, key, names::config_key(key));
        total += decoded_size(value.str());
    }
    if total > LIMIT {
        errors.too_long(&data, LIMIT);
    }
    let has = |key: &str| data.key(key).exists();
    let mut want = |key: &str| {
        if !has(key) {
            errors.required(&data.key(key), "");
        }
        has(key)
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
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => {
            want("username");
            want("password");
        }
        "kubernetes.io/ssh-auth" => {
            errors.require(&data.key("ssh-privatekey"));
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
        errors.invalid(&entry, codes::FORMAT, "\"<secret contents redacted>\"", &problem);
    }
}

/// An entry of a Secret and what it holds, as text.
pub(crate) fn content<'a>(secret: &Field<'a>, key: &str) -> (Field<'a>, String) {
    let entry = secret.child("data").key(key);
    let bytes = manifest::base64::decode(entry.str()).unwrap_or_default();
    (entry, String::from_utf8_lossy(&bytes).into_owned())
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
