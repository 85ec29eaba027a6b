//! CustomResourceDefinitions (`apiextensions-apiserver/pkg/apis/apiextensions/validation`): what every one must say. What their
//! schemas say is taken as it stands.

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::go_json;
use super::names;

const APPROVED: &str = "api-approved.kubernetes.io";

/// A CustomResourceDefinition.
pub(crate) fn definition(errors: &mut Errors, object: &Field<'_>) {
    let (spec, name) = (object.child("spec"), object.at("metadata.name"));
    let (group, plural) = (spec.child("group"), spec.at("names.plural"));
    let refuse = |errors: &mut Errors, field: &Field<'_>, detail: &str| {
        errors.invalid(field, codes::NAME_FORMAT, &field.quoted(), detail);
    };
    if !name.str().is_empty() && name.str() != format!("{}.{}", plural.str(), group.str()) {
        refuse(errors, &name, "must be spec.names.plural+\".\"+spec.group");
    }
    if !errors.require(&group) {
        let problems = names::dns_subdomain(group.str());
        if !problems.is_empty() {
            refuse(errors, &group, &problems.join(","));
        } else if !group.str().contains('.') {
            refuse(errors, &group, "should be a domain with at least one dot");
        }
    }
    errors.required_one_of(&spec.child("scope"), &["Cluster", "Namespaced"]);
    let versions = spec.child("versions");
    for version in versions.items() {
        let schema = version.at("schema.openAPIV3Schema");
        if !schema.exists() {
            errors.required(&schema, "schemas are required");
        }
    }
    if versions.items().iter().filter(|version| version.child("storage").is_true()).count() != 1 {
        let detail = "must have exactly one version marked as storage version";
        let value = go_json::list(&versions, go_json::DEFINITION_VERSION);
        errors.invalid(&versions, codes::CONFLICT, &value, detail);
    }
    errors.require(&plural);
    errors.require(&spec.at("names.kind"));
    let protected = |domain: &&str| format!(".{}", group.str()).ends_with(*domain);
    let note = object.at("metadata.annotations").key(APPROVED);
    if [".k8s.io", ".kubernetes.io"].iter().any(protected) && note.str().is_empty() {
        let detail = format!(
            "protected groups must have approval annotation \"{APPROVED}\", see https://github.com/kubernetes/enhancements/pull/1111"
        );
        errors.required(&note, &detail);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check as validate;

    #[test]
    fn definitions() {
        let check = |name: &str, spec: &str, expected: &[&str]| {
            validate(
                &format!(
                    "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: {name}}}, spec: {{{spec}}}}}"
                ),
                expected,
            );
        };
        let names = "names: {plural: foos, kind: Foo}, scope: Cluster";
        let versions =
            "versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]";
        check("foos.a.b", &format!("group: a.b, {names}, {versions}"), &[]);
        check(
            "foo.a.b",
            &format!("group: a.b, {names}, versions: [{{name: v1}}]"),
            &[
                "metadata.name: Invalid value: \"foo.a.b\": must be spec.names.plural+\".\"+spec.group",
                "spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required",
                "spec.versions: Invalid value: [{\"Name\":\"v1\",\"Served\":false,\"Storage\":false,\"Deprecated\":false,\"DeprecationWarning\":null,\"Schema\":null,\"Subresources\":null,\"AdditionalPrinterColumns\":null,\"SelectableFields\":null}]: must have exactly one version marked as storage version",
            ],
        );
        check(
            "foos.k8s.io",
            &format!("group: k8s.io, {names}, {versions}"),
            &[
                "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111",
            ],
        );
        check(
            "foos.a",
            &format!("group: a, names: {{plural: foos}}, scope: x, {versions}"),
            &[
                "spec.group: Invalid value: \"a\": should be a domain with at least one dot",
                "spec.scope: Unsupported value: \"x\": supported values: \"Cluster\", \"Namespaced\"",
                "spec.names.kind: Required value",
            ],
        );
    }
}
