//! File paths inside volumes and on the node.

use super::codes;
use super::errors::Errors;
use super::field::Field;

/// Whether a path has an element `..`.
pub(crate) fn has_backsteps(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}

/// The path may not leave its directory by `..`.
pub(crate) fn no_backsteps(errors: &mut Errors, field: &Field<'_>) {
    if has_backsteps(field.str()) {
        errors.invalid(field, codes::FORMAT, &field.quoted(), "must not contain '..'");
    }
}

/// A relative path without `..`.
pub(crate) fn local_descending(errors: &mut Errors, field: &Field<'_>) {
    if field.str().starts_with('/') {
        errors.invalid(field, codes::FORMAT, &field.quoted(), "must be a relative path");
    }
    no_backsteps(errors, field);
}

/// A relative path without `..` that does not begin with two dots either: those names are reserved.
pub(crate) fn local_non_reserved(errors: &mut Errors, field: &Field<'_>) {
    local_descending(errors, field);
    if field.str().starts_with("..") && !field.str().starts_with("../") {
        errors.invalid(field, codes::FORMAT, &field.quoted(), "must not start with '..'");
    }
}

/// File mode bits.
pub(crate) fn file_mode(errors: &mut Errors, field: &Field<'_>) {
    if let Some(mode) = field.int().filter(|mode| !(0..=0o777).contains(mode)) {
        let detail = "must be a number between 0 and 0777 (octal), both inclusive";
        errors.invalid(field, codes::NUMBER_RANGE, &mode.to_string(), detail);
    }
}
