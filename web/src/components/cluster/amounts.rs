//! Amounts as people read them.

/// Milli-units: `500m`, `4`, `1.5`.
pub(crate) fn cpu(milli: i64) -> String {
    match (milli / 1000, milli % 1000) {
        (cores, 0) => cores.to_string(),
        (0, milli) => format!("{milli}m"),
        (cores, milli) => format!("{cores}.{}", format!("{milli:03}").trim_end_matches('0')),
    }
}

/// Bytes in the largest binary unit that leaves at least one, with one decimal where it says something.
pub(crate) fn memory(bytes: i64) -> String {
    const UNITS: [&str; 6] = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let mut unit = 0;
    let mut size = 1_i64;
    while unit + 1 < UNITS.len() && bytes.unsigned_abs() / 1024 >= size.unsigned_abs() {
        unit += 1;
        size *= 1024;
    }
    let tenths = i128::from(bytes) * 10 / i128::from(size);
    match tenths % 10 {
        0 => format!("{}{}", tenths / 10, UNITS[unit]),
        tenth => format!("{}.{}{}", tenths / 10, tenth.abs(), UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short() {
        for (milli, expected) in [(0, "0"), (500, "500m"), (4000, "4"), (1500, "1.5"), (1050, "1.05")] {
            assert_eq!(cpu(milli), expected);
        }
        let cases = [
            (0, "0"),
            (1023, "1023"),
            (1024, "1Ki"),
            (1536, "1.5Ki"),
            (128 << 20, "128Mi"),
            (16 << 30, "16Gi"),
            (i64::MAX, "8191.9Pi"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(memory(bytes), expected);
        }
    }
}
