//! QR codes, in a terminal and for whoever draws them.

use qrcode::{Color, EcLevel, QrCode, Version, bits::Bits, render::unicode};

/// A code holds no text of this length.
#[derive(Debug, thiserror::Error)]
#[error("this is too long for a QR code")]
pub struct TooLong;

/// A text as a QR code of half-height blocks, with its quiet zone; dark on light, as scanners want it.
///
/// Fails if the text is longer than a code holds (2,953 bytes at the lowest level of correction).
pub fn code(text: &str) -> Result<String, TooLong> {
    Ok(made(text)?
        .render::<unicode::Dense1x2>()
        .dark_color(unicode::Dense1x2::Light)
        .light_color(unicode::Dense1x2::Dark)
        .build())
}

/// The same for whoever draws it: rows of `1` for dark and `0` for light, without the quiet zone of four.
///
/// Fails likewise.
pub fn rows(text: &str) -> Result<Vec<String>, TooLong> {
    let code = made(text)?;
    let colors = code.to_colors();
    let row = |row: &[Color]| row.iter().map(|color| color.select('1', '0')).collect();
    Ok(colors.chunks(code.width()).map(row).collect())
}

/// The smallest code of bytes: cut into pieces of digits and capitals, as the library does by itself, a link can need a larger
/// one.
fn made(text: &str) -> Result<QrCode, TooLong> {
    let of = |version| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(text.as_bytes()).ok()?;
        bits.push_terminator(EcLevel::L).ok()?;
        QrCode::with_bits(bits, EcLevel::L).ok()
    };
    (1..=40).find_map(of).ok_or(TooLong)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn codes_are_square_and_bounded() {
        let lines: Vec<String> = code("http://192.168.1.20:9000/")
            .unwrap()
            .lines()
            .map(Into::into)
            .collect();
        let width = lines.first().unwrap().chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width));
        assert_eq!(lines.len(), width.div_ceil(2));
        assert!(code(&"x".repeat(3_000)).is_err());
        let rows = rows("http://192.168.1.20:9000/").unwrap();
        assert_eq!(rows.len() + 8, width);
        assert!(rows.iter().all(|row| row.len() == rows.len()));
        assert!(rows.first().unwrap().starts_with("11111110"));
        assert!(super::rows(&"x".repeat(3_000)).is_err());
        for (bytes, modules) in [(1, 21), (78, 33), (79, 37), (2_953, 177)] {
            assert_eq!(super::rows(&"x".repeat(bytes)).unwrap().len(), modules);
        }
    }
}
