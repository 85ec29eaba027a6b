//! Times as the API server writes them and durations as kubectl prints them.
//!
//! DIFFERENCE: the simulated clock begins with the year 2026, and stands still most of the time.

/// Seconds from 1970 to the beginning of the simulation, 2026-01-01T00:00:00Z.
const EPOCH: i64 = 1_767_225_600;

const DAY: i64 = 86_400;

/// A moment of the simulated clock, in milliseconds, as RFC 3339 with seconds.
pub(crate) fn stamp(milliseconds: u64) -> String {
    let seconds = EPOCH + (milliseconds / 1_000) as i64;
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let second = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads what [`stamp`] writes: seconds since the beginning of the simulation.
fn seconds(stamp: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| stamp.get(range)?.parse::<i64>().ok();
    let days = days(number(0..4)?, number(5..7)?, number(8..10)?);
    Some(days * DAY + number(11..13)? * 3_600 + number(14..16)? * 60 + number(17..19)? - EPOCH)
}

/// How long ago that was, as kubectl says it; `<unknown>` for what is no time.
pub(super) fn since(now: u64, stamp: &str) -> String {
    seconds(stamp).map_or_else(|| "<unknown>".to_owned(), |then| human((now / 1_000) as i64 - then))
}

/// `Thu, 01 Jan 2026 00:00:00 +0000`: RFC 1123 with the zone in numbers, as `kubectl describe` prints times.
pub(super) fn rfc1123(stamp: &str) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(seconds) = seconds(stamp) else { return "Mon, 01 Jan 0001 00:00:00 +0000".to_owned() };
    let days = (seconds + EPOCH).div_euclid(DAY);
    let (year, month, day) = civil(days);
    let (weekday, month) = (DAYS[days.rem_euclid(7) as usize], MONTHS[month as usize - 1]);
    format!("{weekday}, {day:02} {month} {year:04} {} +0000", stamp.get(11..19).unwrap_or_default())
}

/// A duration in seconds with two units at most, as `duration.HumanDuration` of apimachinery rounds it.
pub(super) fn human(seconds: i64) -> String {
    let two = |large: i64, unit: &str, small: i64, rest: &str| {
        if small == 0 { format!("{large}{unit}") } else { format!("{large}{unit}{small}{rest}") }
    };
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    let days = hours / 24;
    match seconds {
        ..-1 => "<invalid>".to_owned(),
        -1 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        120..600 => two(minutes, "m", seconds % 60, "s"),
        600..10_800 => format!("{minutes}m"),
        10_800..28_800 => two(hours, "h", minutes % 60, "m"),
        28_800..172_800 => format!("{hours}h"),
        172_800..691_200 => two(days, "d", hours % 24, "h"),
        691_200..63_072_000 => format!("{days}d"),
        63_072_000..252_288_000 => two(days / 365, "y", days % 365, "d"),
        _ => format!("{}y", days / 365),
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // Counted from 0000-03-01, so that the leap day is the last of a year; 146,097 days are 400 years.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let of_month = day - (153 * month + 2) / 5 + 1;
    let (year, month) = (era * 400 + year, if month < 10 { month + 3 } else { month - 9 });
    (year + i64::from(month <= 2), month, of_month)
}

/// The inverse of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_read_again() {
        for (milliseconds, text, long) in [
            (0, "2026-01-01T00:00:00Z", "Thu, 01 Jan 2026 00:00:00 +0000"),
            (90_500, "2026-01-01T00:01:30Z", "Thu, 01 Jan 2026 00:01:30 +0000"),
            (68_212_799_000, "2028-02-29T11:59:59Z", "Tue, 29 Feb 2028 11:59:59 +0000"),
        ] {
            assert_eq!((stamp(milliseconds).as_str(), rfc1123(text).as_str()), (text, long));
            assert_eq!(seconds(text), Some((milliseconds / 1_000) as i64));
        }
        assert_eq!(since(0, "soon"), "<unknown>");
        assert_eq!(since(75_000, "2026-01-01T00:00:05Z"), "70s");
    }

    #[test]
    fn durations_round_as_kubectl_rounds() {
        let table = [
            (-5, "<invalid>"),
            (-1, "0s"),
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (599, "9m59s"),
            (600, "10m"),
            (10_799, "179m"),
            (10_800, "3h"),
            (28_740, "7h59m"),
            (28_800, "8h"),
            (172_799, "47h"),
            (172_800, "2d"),
            (180_000, "2d2h"),
            (691_200, "8d"),
            (63_071_999, "729d"),
            (63_072_000, "2y"),
            (63_158_400, "2y1d"),
            (252_288_000, "8y"),
        ];
        for (seconds, expected) in table {
            assert_eq!(human(seconds), expected, "{seconds}");
        }
    }
}
