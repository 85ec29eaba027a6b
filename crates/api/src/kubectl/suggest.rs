//! What was probably meant by a kind that no server knows.

use manifest::{Fix, Tree};

use crate::decode::strict::in_place;
use crate::schema;

/// The built-in kind that was meant, as a change of `kind` and `apiVersion`: `Podd` is a misspelt Pod, and a Deployment of
/// `extensions/v1beta1` is nowadays one of `apps/v1`.
pub(super) fn kind(tree: &Tree) -> Option<Fix> {
    let (kind, api_version) = (tree.get("kind")?, tree.get("apiVersion")?);
    let meant = schema::kind_for(api_version.as_str()?, kind.as_str()?)?;
    let edit = |tree: &Tree, text: &str| {
        let differs = tree.as_str() != Some(text);
        differs.then(|| in_place(tree.as_str()?, text, tree.span?)).flatten()
    };
    let mut edits: Vec<_> =
        [edit(kind, meant.kind), edit(api_version, meant.api_version)].into_iter().flatten().collect();
    edits.sort_by_key(|edit| edit.span);
    let title = format!("Use {} {}", meant.api_version, meant.kind);
    (!edits.is_empty()).then_some(Fix { title, edits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let tree = manifest::parse(text).documents.remove(0).content.expect("well-formed");
        let fixed = kind(&tree).map(|fix| {
            let mut fixed = text.to_owned();
            for edit in fix.edits.iter().rev() {
                fixed.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            fixed
        });
        assert_eq!(fixed.as_deref(), expected);
    }

    #[test]
    fn spelling_and_removed_versions() {
        check("kind: Podd\napiVersion: v1\n", Some("kind: Pod\napiVersion: v1\n"));
        check(
            "apiVersion: extensions/v1beta1\nkind: Deployment\n",
            Some("apiVersion: apps/v1\nkind: Deployment\n"),
        );
        check("apiVersion: v1\nkind: Deployment\n", Some("apiVersion: apps/v1\nkind: Deployment\n"));
        check(r#"{"kind":"Podd","apiVersion":"v1"}"#, Some(r#"{"kind":"Pod","apiVersion":"v1"}"#));
        check("apiVersion: example.com/v1\nkind: Spaceship\n", None);
    }
}
