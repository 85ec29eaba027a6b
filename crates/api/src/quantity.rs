//! `resource.Quantity`: exact amounts with a suffix (QTY rules).

/// An exact amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    /// In units of 10^-9.
    nano: i128,
}

impl Quantity {
    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self { nano: value as i128 * 1_000_000_000 }
    }

    /// A number of thousandths.
    pub const fn milli(value: i64) -> Self {
        Self { nano: value as i128 * 1_000_000 }
    }

    /// Rounded up to whole units (SCH-FIT-2), capped at `i64::MAX`.
    pub fn value(self) -> i64 {
        Self::ceil(self.nano, 1_000_000_000)
    }

    /// Rounded up to thousandths (SCH-FIT-2), capped at `i64::MAX`.
    pub fn milli_value(self) -> i64 {
        Self::ceil(self.nano, 1_000_000)
    }

    fn ceil(nano: i128, unit: i128) -> i64 {
        let floor = nano.div_euclid(unit);
        let value = floor + i128::from(nano.rem_euclid(unit) != 0);
        i64::try_from(value).unwrap_or(if value > 0 { i64::MAX } else { i64::MIN })
    }
}
