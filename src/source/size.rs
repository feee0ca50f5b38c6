//! Sizes of files, as people write and read them.

const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

/// Reads a size: plain bytes, or a number with `K`, `M` or `G` (`64M`, `64MB` and `64MiB` mean the same).
#[must_use]
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text.strip_prefix(digits)?.trim().to_ascii_uppercase();
    let scale: u64 = match unit.as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(scale)
}

/// Writes a size in its largest unit, with one decimal where it is not whole.
#[must_use]
pub fn show_size(bytes: u64) -> String {
    let Some((unit, scale)) = UNITS.iter().find(|(_, scale)| bytes >= *scale) else {
        return format!("{bytes} bytes");
    };
    let tenths = (u128::from(bytes) * 10 / u128::from(*scale)) as u64;
    match tenths % 10 {
        0 => format!("{} {unit}", tenths / 10),
        rest => format!("{}.{rest} {unit}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        for (text, bytes) in [("7", 7), ("64M", 64 << 20), ("64 mib", 64 << 20), ("1g", 1 << 30), ("2KB", 2048)] {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        for text in ["", "M", "x", "-1", "1.5M", "99999999999G", "1T"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
        assert_eq!(show_size(16 << 20), "16 MiB");
        assert_eq!(show_size((1 << 20) * 3 / 2), "1.5 MiB");
        assert_eq!(show_size(12), "12 bytes");
    }
}
