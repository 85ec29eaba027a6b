//! stub
use super::field::Field;
pub(crate) fn template(_t: &Field<'_>) -> String {
    String::new()
}
pub(crate) fn spec_diff(_a: &Field<'_>, _b: &Field<'_>) -> String {
    String::new()
}
