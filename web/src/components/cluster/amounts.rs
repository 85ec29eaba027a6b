//! Amounts as people read them.

use rules::{Lang, Usage};

/// What the bars compare.
pub(crate) fn legend(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Bars: requested of allocatable",
        Lang::Zh => "条形：请求量 / 可分配量",
    }
}

/// How much is requested of how much.
pub(crate) fn share(usage: Usage, amount: fn(i64) -> String, lang: Lang) -> String {
    let (requested, all) = (amount(usage.requested), amount(usage.allocatable));
    match (lang, usage.requested) {
        (Lang::En, 0) => format!("none of {all}"),
        (Lang::En, _) => format!("{requested} of {all}"),
        (Lang::Zh, 0) => format!("无 / {all}"),
        (Lang::Zh, _) => format!("{requested} / {all}"),
    }
}

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
    fn what_is_not_requested_is_said() {
        let share = |requested, lang| share(Usage { requested, allocatable: 4000 }, cpu, lang);
        assert_eq!([share(0, Lang::En), share(500, Lang::En)], ["none of 4", "500m of 4"]);
        assert_eq!([share(0, Lang::Zh), share(500, Lang::Zh)], ["无 / 4", "500m / 4"]);
    }

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
