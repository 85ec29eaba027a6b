//! `resource.Quantity`: exact amounts with a suffix (QTY rules).
//!
//! [`Quantity::parse`] reads one, [`canonical`] says how the API server returns the text of one. Integers only: an amount is
//! held in units of 10^-9, the finest that Kubernetes keeps.

mod parse;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Add, AddAssign, Sub, SubAssign};

use parse::Parts;

/// Units of 10^-9 in one.
const NANO: i128 = 1_000_000_000;
/// The largest amount held, in nano: far above what any rule compares, far below overflow.
const CAP: i128 = 10_i128.pow(38);

/// The family of suffixes in which an amount was written and is printed (QTY-4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `n u m k M G T P E`, and no suffix.
    #[default]
    DecimalSI,
    /// `Ki Mi Gi Ti Pi Ei`.
    BinarySI,
    /// `e3`.
    DecimalExponent,
}

/// An exact amount. Compared by value: `1Gi` equals `1024Mi` equals `1073741824`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quantity {
    /// In units of 10^-9.
    nano: i128,
    format: Format,
}

/// Why a text is no quantity; prints as the API server says it (DEC-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// A character that no quantity has, or nothing at all.
    Format,
    /// Letters of suffixes in an unknown combination.
    Suffix,
    /// The number itself.
    Numeric,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => {
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            Self::Suffix => "unable to parse quantity's suffix",
            Self::Numeric => "unable to parse numeric part of quantity",
        })
    }
}

impl std::error::Error for QuantityError {}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self::whole(0);

    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self { nano: value as i128 * NANO, format: Format::DecimalSI }
    }

    /// A number of thousandths.
    pub const fn milli(value: i64) -> Self {
        Self { nano: value as i128 * 1_000_000, format: Format::DecimalSI }
    }

    /// A whole number that prints with binary suffixes: bytes.
    pub const fn binary(value: i64) -> Self {
        Self { nano: value as i128 * NANO, format: Format::BinarySI }
    }

    /// Reads a quantity as the API server does, blanks around it allowed (QTY-1, QTY-3).
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        Parts::split(text.trim())?.quantity()
    }

    /// Rounded up to whole units (SCH-FIT-2), capped at `i64::MAX`.
    pub fn value(self) -> i64 {
        saturate(away_from_zero(self.nano, NANO))
    }

    /// Rounded up to thousandths (SCH-FIT-2), capped at `i64::MAX`.
    pub fn milli_value(self) -> i64 {
        saturate(away_from_zero(self.nano, 1_000_000))
    }

    /// Rounded up to thousandths, as the resource lists of pods are (QTY-3).
    #[must_use]
    pub fn rounded_to_milli(self) -> Self {
        Self { nano: away_from_zero(self.nano, 1_000_000) * 1_000_000, ..self }
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.nano == 0
    }

    /// Whether it is less than nothing.
    pub fn is_negative(self) -> bool {
        self.nano < 0
    }

    /// Whether it has no fraction.
    pub fn is_whole(self) -> bool {
        self.nano % NANO == 0
    }
}

/// The text of a quantity as the API server returns it (QTY-4). A text that is in canonical form stays as it is written, as does
/// one that is no quantity.
pub fn canonical(text: &str) -> String {
    print(text, i32::MIN, |quantity| quantity)
}

/// The same in a resource list of a container, pod or volume, whose values are rounded up to thousandths (QTY-3).
pub fn canonical_resource(text: &str) -> String {
    print(text, -3, Quantity::rounded_to_milli)
}

/// Prints `text` anew unless it is canonical and its last digit is not finer than `10^finest`.
fn print(text: &str, finest: i32, round: fn(Quantity) -> Quantity) -> String {
    let text = text.trim();
    let Ok(parts) = Parts::split(text) else { return text.to_owned() };
    match parts.quantity() {
        Ok(_) if parts.kept_scale().is_some_and(|scale| scale >= finest) => text.to_owned(),
        Ok(quantity) => round(quantity).to_string(),
        Err(_) => text.to_owned(),
    }
}

fn away_from_zero(nano: i128, unit: i128) -> i128 {
    nano / unit + (nano % unit).signum()
}

fn saturate(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value > 0 { i64::MAX } else { i64::MIN })
}

/// The canonical form: no fraction, the largest suffix of the family that was written (QTY-4).
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nano == 0 {
            return f.write_str("0");
        }
        let whole = self.nano / NANO;
        if self.format == Format::BinarySI && self.is_whole() && whole.abs() >= 1024 {
            let (mut number, mut power) = (whole, 0);
            while number % 1024 == 0 && power < 6 {
                number /= 1024;
                power += 1;
            }
            return write!(f, "{number}{}", ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][power]);
        }
        let (mut number, mut exponent) = (self.nano, -9);
        while number % 1000 == 0 {
            number /= 1000;
            exponent += 3;
        }
        let suffix = match exponent {
            0 => "",
            -9..=18 if self.format != Format::DecimalExponent => {
                ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"][(exponent / 3 + 3) as usize]
            }
            _ => return write!(f, "{number}e{exponent}"),
        };
        write!(f, "{number}{suffix}")
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nano.hash(state);
    }
}

/// A sum prints in the family of its first summand that is not zero.
impl Add for Quantity {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let format = if self.is_zero() { other.format } else { self.format };
        Self { nano: (self.nano + other.nano).clamp(-CAP, CAP), format }
    }
}

impl Sub for Quantity {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + Self { nano: -other.nano, ..other }
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Quantity {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `table`: texts, each with what it becomes.
    #[track_caller]
    fn check(table: &str, print: fn(&str) -> String) {
        for (text, expected) in table.split_whitespace().filter_map(|row| row.split_once("=>")) {
            assert_eq!(print(text), expected, "{text:?}");
        }
    }

    #[test]
    fn canonical_forms() {
        check(
            "1.5Gi=>1536Mi 1024Ki=>1Mi 2048Mi=>2Gi 1000Ki=>1000Ki 16Gi=>16Gi 0.1Ki=>102400m 0.5Ki=>512 1.Gi=>1.Gi 0Gi=>0
             8Ei=>9223372036854775807 1.5=>1500m 0.5=>500m .5=>500m 1000m=>1 100000m=>100 1000k=>1M 128M=>128M 1E=>1E
             1000P=>1E 512=>512 1023=>1023 +5=>+5 -1=>-1 -1.5=>-1500m 0=>0 00=>0 m=>0 1.500=>1.500 100n=>100n
             0.0000000001=>1n 10000000000000000000=>10E 1e3=>1e3 12e6=>12e6 1e4=>10e3 1e+3=>1e+3 1e30=>1e30 half=>half",
            canonical,
        );
        assert_eq!(canonical(" 1 "), "1");
    }

    #[test]
    fn resource_lists_round_up_to_thousandths() {
        check("0.0001=>1m 1.2345=>1235m 100u=>1m 100m=>100m 0.1=>100m 1.5Gi=>1536Mi", canonical_resource);
    }

    #[test]
    fn mistakes() {
        use QuantityError::{Format, Suffix};
        let table = [
            (&["", "1GB", "1 core", "half", "1 Gi", "1Mib", "1e3m", "1.2.3"][..], Format),
            (&["1K", "1mi", "1KM", "1e", "1m5", "--1", "1e99999999999"], Suffix),
        ];
        for (texts, error) in table {
            for text in texts {
                assert_eq!(Quantity::parse(text), Err(error), "{text:?}");
            }
        }
    }

    #[test]
    fn values_round_away_from_zero() {
        let table = [
            ("1500m", 2, 1500),
            ("-1500m", -2, -1500),
            ("0.0001", 1, 1),
            ("1Ki", 1024, 1_024_000),
            ("16Ei", i64::MAX, i64::MAX),
            ("1e30", i64::MAX, i64::MAX),
            ("0.1Gi", 107_374_183, 107_374_182_400),
        ];
        for (text, value, milli) in table {
            let quantity = Quantity::parse(text).expect(text);
            assert_eq!((quantity.value(), quantity.milli_value()), (value, milli), "{text}");
        }
    }

    #[test]
    fn arithmetic_is_by_value_and_keeps_the_family() {
        let parse = |text| Quantity::parse(text).expect("a quantity");
        assert_eq!(parse("1Gi"), parse("1024Mi"));
        assert_eq!(parse("1Gi"), parse("1073741824"));
        assert!(parse("100m") < parse("0.2"));
        assert_eq!((Quantity::ZERO + parse("512Mi") + parse("512Mi")).to_string(), "1Gi");
        assert_eq!((parse("1") - parse("100m")).to_string(), "900m");
        assert_eq!([parse("1"), parse("250m")].into_iter().sum::<Quantity>().to_string(), "1250m");
    }
}
