//! The text of a quantity: what it means, and whether the server keeps it as it is written (QTY-1, QTY-3).

use super::{CAP, Format, NANO, Quantity, QuantityError, away_from_zero};

/// Digits that Kubernetes' integer path takes; longer numbers are always printed anew.
const FAST_DIGITS: usize = 18;

/// A text taken apart: sign, digits before and after the point, suffix.
pub(super) struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
}

/// What a suffix multiplies with.
#[derive(Clone, Copy)]
enum Unit {
    /// Ten to this power; whether it was written as an exponent.
    Ten(i32, Format),
    /// Two to this power.
    Two(u32),
}

impl<'a> Parts<'a> {
    pub(super) fn split(text: &'a str) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Format);
        }
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text).trim_start_matches('0');
        let (whole, rest) = take(unsigned, |byte| byte.is_ascii_digit());
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => take(rest, |byte| byte.is_ascii_digit()),
            None => ("", rest),
        };
        let (_, rest) = take(suffix, |byte| b"eEinumkKMGTP".contains(&byte));
        let digits = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        let (_, rest) = take(digits, |byte| byte.is_ascii_digit());
        if rest.is_empty() {
            Ok(Self { negative, whole, fraction, suffix })
        } else {
            Err(QuantityError::Format)
        }
    }

    fn unit(&self) -> Result<Unit, QuantityError> {
        const DECIMAL: [(&str, i32); 10] = [
            ("n", -9),
            ("u", -6),
            ("m", -3),
            ("", 0),
            ("k", 3),
            ("M", 6),
            ("G", 9),
            ("T", 12),
            ("P", 15),
            ("E", 18),
        ];
        const BINARY: [(&str, u32); 6] =
            [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];
        if let Some(&(_, power)) = DECIMAL.iter().find(|(suffix, _)| *suffix == self.suffix) {
            return Ok(Unit::Ten(power, Format::DecimalSI));
        }
        if let Some(&(_, power)) = BINARY.iter().find(|(suffix, _)| *suffix == self.suffix) {
            return Ok(Unit::Two(power));
        }
        let exponent = self.suffix.strip_prefix(['e', 'E']).and_then(|digits| digits.parse().ok());
        exponent.map(|power| Unit::Ten(power, Format::DecimalExponent)).ok_or(QuantityError::Suffix)
    }

    pub(super) fn quantity(&self) -> Result<Quantity, QuantityError> {
        let (nano, format) = match self.unit()? {
            Unit::Ten(power, format) => (self.decimal(power), format),
            Unit::Two(power) => {
                let nano = self.binary(power);
                // A fraction of one is remembered as decimal.
                (nano, if 0 < nano && nano < NANO { Format::DecimalSI } else { Format::BinarySI })
            }
        };
        Ok(Quantity { nano: if self.negative { -nano } else { nano }, format })
    }

    /// The nano amount without sign, rounded up.
    fn decimal(&self, power: i32) -> i128 {
        let digits = self.whole.len() as i64;
        // How many digits, of both parts, are in front of the point of the nano amount.
        let kept = digits + i64::from(power) + 9;
        let (mut nano, mut lost) = (0_i128, false);
        for (index, digit) in self.whole.bytes().chain(self.fraction.bytes()).enumerate() {
            if (index as i64) < kept {
                nano = (nano * 10 + i128::from(digit - b'0')).min(CAP / 10);
            } else {
                lost |= digit != b'0';
            }
        }
        let missing = kept - digits - self.fraction.len() as i64;
        for _ in 0..missing.min(40) {
            nano = nano.saturating_mul(10).min(CAP);
        }
        nano + i128::from(lost)
    }

    /// The nano amount without sign, rounded up and capped at 2^63-1 whole units.
    fn binary(&self, power: u32) -> i128 {
        let digits = |text: &str| {
            text.bytes().fold(0_i128, |sum, digit| (sum * 10 + i128::from(digit - b'0')).min(CAP / 10))
        };
        let whole = digits(self.whole).min(i128::from(i64::MAX)) << power;
        // 18 decimals times 2^60 fit; what is finer only makes sure that the amount is rounded up.
        let (head, tail) = self.fraction.split_at(self.fraction.len().min(18));
        let fraction = (digits(head) * 10_i128.pow(18 - head.len() as u32)) << power;
        let lost = tail.bytes().any(|digit| digit != b'0');
        let nano = whole.min(i128::from(i64::MAX)) * NANO + away_from_zero(fraction, NANO) + i128::from(lost);
        nano.min(i128::from(i64::MAX) * NANO)
    }

    /// The power of ten of the last digit when Kubernetes keeps the text as it is written: a short number that it takes for
    /// canonical without looking closer. `None` when it prints the amount anew.
    pub(super) fn kept_scale(&self) -> Option<i32> {
        let digits = self.whole.len().max(1) + self.fraction.len();
        match self.unit().ok()? {
            Unit::Ten(power, _) => {
                let scale = power.checked_sub(self.fraction.len() as i32)?;
                let written = format!("{}{}", self.whole, self.fraction);
                let canonical = scale % 3 == 0 && !written.ends_with("000") && !self.whole.is_empty();
                (digits <= FAST_DIGITS && scale >= -9 && canonical).then_some(scale)
            }
            Unit::Two(power) => {
                let short = digits + power as usize * 3 / 10 < 15;
                let value: u64 = self.whole.parse().ok()?;
                (short && self.fraction.is_empty() && !value.is_multiple_of(8)).then_some(0)
            }
        }
    }
}

/// Splits before the first byte that does not fit.
fn take(text: &str, fits: fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(|byte| !fits(byte)).unwrap_or(text.len()))
}
