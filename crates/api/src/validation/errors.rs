//! The constructors of field errors, as `field.Error` prints them (ERR-FMT-1 to ERR-FMT-3).

use std::fmt::Write as _;

use manifest::sorted::SortedSet;

use super::codes;
use super::field::{Field, quote};
use crate::server::Cause;

/// The field errors of one object, in the order of detection.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    causes: Vec<Cause>,
}

impl Errors {
    /// What was found.
    pub(crate) fn into_causes(self) -> Vec<Cause> {
        self.causes
    }

    /// Adds what another check found.
    pub(crate) fn extend(&mut self, other: Self) {
        self.causes.extend(other.causes);
    }

    /// Leaves out what is there already.
    pub(crate) fn dedup(&mut self) {
        let mut known = SortedSet::new();
        self.causes.retain(|cause| known.insert((cause.path.clone(), cause.text.clone())));
    }

    /// How many so far: equal before and after a check means that it found nothing.
    pub(crate) fn len(&self) -> usize {
        self.causes.len()
    }

    fn push(&mut self, field: &Field<'_>, code: &'static str, mut text: String, detail: &str) {
        if !detail.is_empty() {
            text.push_str(": ");
            text.push_str(detail);
        }
        // What is wrong with a name that is the key of a map is shown at the key.
        let of_key = matches!(code, codes::LABEL_KEY | codes::DATA_KEY | codes::RESOURCE_NAME);
        let span = field.key_span().filter(|_| of_key).or(field.span());
        self.causes.push(Cause { span, ..Cause::new(field.path(), text, code) });
    }

    /// Gives the last error another code.
    pub(crate) fn coded(&mut self, code: &'static str) {
        if let Some(cause) = self.causes.last_mut() {
            cause.code = code;
        }
    }

    /// `Required value`.
    pub(crate) fn required(&mut self, field: &Field<'_>, detail: &str) {
        self.push(field, codes::REQUIRED, "Required value".into(), detail);
    }

    /// `Required value` without detail when the text, list or map is empty; whether it was.
    pub(crate) fn require(&mut self, field: &Field<'_>) -> bool {
        let missing = field.is_empty();
        if missing {
            self.required(field, "");
        }
        missing
    }

    /// `Invalid value: <value>: <detail>`; the value is already rendered.
    pub(crate) fn invalid(&mut self, field: &Field<'_>, code: &'static str, value: &str, detail: &str) {
        self.push(field, code, format!("Invalid value: {value}"), detail);
    }

    /// `Invalid value: "<text>": <message>` for each message.
    pub(crate) fn invalid_each(
        &mut self,
        field: &Field<'_>,
        code: &'static str,
        text: &str,
        messages: Vec<String>,
    ) {
        for message in messages {
            self.invalid(field, code, &quote(text), &message);
        }
    }

    /// The same with the field's own text.
    pub(crate) fn invalid_text(&mut self, field: &Field<'_>, code: &'static str, messages: Vec<String>) {
        self.invalid_each(field, code, field.str(), messages);
    }

    /// `Invalid value: <value>` without a type or value shown after it (`field.OmitValueType`).
    pub(crate) fn invalid_plain(&mut self, field: &Field<'_>, code: &'static str, detail: &str) {
        self.push(field, code, "Invalid value".into(), detail);
    }

    /// `Unsupported value: <value>: supported values: "A", "B"`.
    pub(crate) fn unsupported(&mut self, field: &Field<'_>, value: &str, supported: &[&str]) {
        let mut detail = String::new();
        for (index, value) in supported.iter().enumerate() {
            let separator = if index == 0 { "supported values: " } else { ", " };
            let _ = write!(detail, "{separator}{}", quote(value));
        }
        self.push(field, codes::UNSUPPORTED, format!("Unsupported value: {value}"), &detail);
    }

    /// A string of a closed list: unsupported when it is none of them. An absent one counts as `""`.
    pub(crate) fn one_of(&mut self, field: &Field<'_>, supported: &[&str]) {
        if !supported.contains(&field.str()) {
            self.unsupported(field, &field.enumerated(), supported);
        }
    }

    /// An operator that no selector has.
    pub(crate) fn unknown_operator(&mut self, field: &Field<'_>) {
        let detail = "not a valid selector operator";
        self.invalid(field, codes::SELECTOR_OPERATOR, &field.enumerated(), detail);
    }

    /// The same, but nothing when the field is not set.
    pub(crate) fn one_of_if_set(&mut self, field: &Field<'_>, supported: &[&str]) {
        if field.exists() {
            self.one_of(field, supported);
        }
    }

    /// The same, but an empty string is a missing value.
    pub(crate) fn required_one_of(&mut self, field: &Field<'_>, supported: &[&str]) {
        if !self.require(field) {
            self.one_of(field, supported);
        }
    }

    /// `Duplicate value: <value>`.
    pub(crate) fn duplicate(&mut self, field: &Field<'_>, value: &str, detail: &str) {
        self.push(field, codes::DUPLICATE, format!("Duplicate value: {value}"), detail);
    }

    /// `Forbidden: <detail>`.
    pub(crate) fn forbidden(&mut self, field: &Field<'_>, detail: &str) {
        self.push(field, codes::FORBIDDEN, "Forbidden".into(), detail);
    }

    /// `Forbidden: <detail>` when the field is set.
    pub(crate) fn forbid(&mut self, field: &Field<'_>, detail: &str) {
        if field.exists() {
            self.forbidden(field, detail);
        }
    }

    /// `Not found: <value>`.
    pub(crate) fn not_found(&mut self, field: &Field<'_>, code: &'static str, value: &str, detail: &str) {
        self.push(field, code, format!("Not found: {value}"), detail);
    }

    /// `Too long: may not be more than N bytes`.
    pub(crate) fn too_long(&mut self, field: &Field<'_>, limit: usize) {
        self.push(field, codes::TOO_LONG, "Too long".into(), &format!("may not be more than {limit} bytes"));
    }

    /// `Too many: N: must have at most M items`.
    pub(crate) fn too_many(&mut self, field: &Field<'_>, count: usize, limit: usize) {
        self.push(
            field,
            codes::TOO_MANY,
            format!("Too many: {count}"),
            &format!("must have at most {limit} items"),
        );
    }

    /// The integer, when set, may not be negative (VAL-NUM-1).
    pub(crate) fn nonnegative(&mut self, field: &Field<'_>) {
        if field.number() < 0 {
            self.invalid(field, codes::NUMBER_RANGE, &field.number().to_string(), NONNEGATIVE);
        }
    }

    /// The integer, absent ones counting as 0, must be positive (VAL-NUM-1).
    pub(crate) fn positive(&mut self, field: &Field<'_>) {
        if field.number() <= 0 {
            self.invalid(
                field,
                codes::NUMBER_RANGE,
                &field.number().to_string(),
                "must be greater than zero",
            );
        }
    }

    /// The integer, when set, must lie within the bounds (VAL-NUM-1).
    pub(crate) fn within(&mut self, field: &Field<'_>, low: i64, high: i64) {
        if let Some(value) = field.int().filter(|value| !(low..=high).contains(value)) {
            self.invalid(field, codes::NUMBER_RANGE, &value.to_string(), &range_text(low, high));
        }
    }
}

/// Text of VAL-NUM-1.
pub(crate) const NONNEGATIVE: &str = "must be greater than or equal to 0";

/// `must be between LOW and HIGH, inclusive`.
pub(crate) fn range_text(low: i64, high: i64) -> String {
    format!("must be between {low} and {high}, inclusive")
}
