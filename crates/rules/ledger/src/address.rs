//! The address of a pool's page, which organisers sign.

use borsh::BorshSerialize;
use serde::Serialize;
use thiserror::Error;

use crate::text::{Text, text_type};

/// The address of a page behind HTTPS: `https://`, a host's name in small ASCII letters with a dot in it, a port if it is not 443, and
/// the path below which the page lies, if it is not the host's top.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, Serialize)]
pub struct PageAddress(Text<128>);

/// A text that is no address of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "expected `https://`, the name of a host in small letters and perhaps a path without a slash at its end, such as \
     https://pool.example.org or https://home.example.org/bolao"
)]
pub struct AddressError;

impl PageAddress {
    /// Takes an address in its only form.
    ///
    /// # Rule S20: an address is `https://` and a host with at least one dot: labels of 1 to 63 small letters, digits and hyphens,
    /// # with no hyphen at either end; then, if it is not 443, a colon and a port from 1 to 65535 without leading zeros; then any number
    /// # of slashes, each with a part of a path: at least one letter, digit, hyphen, dot, underscore or tilde, but neither `.` nor `..`.
    pub fn new(text: &str) -> Result<Self, AddressError> {
        let rest = text.strip_prefix("https://").ok_or(AddressError)?;
        let mut parts = rest.split('/');
        let rest = parts.next().unwrap_or_default();
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        };
        let is_port = |port: &str| {
            let number: Option<u16> = port.parse().ok();
            number.is_some_and(|it| it != 0 && it != 443 && it.to_string() == port)
        };
        let is_label = |label: &str| {
            let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| inner(byte) || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let is_host = host.contains('.') && host.split('.').all(is_label);
        let is_part = |part: &str| {
            let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            !["", ".", ".."].contains(&part) && part.bytes().all(inner)
        };
        if !is_host || !port.is_none_or(is_port) || !parts.all(is_part) {
            return Err(AddressError);
        }
        Text::new(text).map(Self).map_err(|_| AddressError)
    }
}

text_type!(PageAddress, AddressError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for good in [
            "https://pool.example.org",
            "https://p1.relay.test:8443",
            "https://xn--bolo-rqa.de",
            "https://home.example/bolao",
            "https://home.example:8443/p/T3Xq~_-.b",
        ] {
            assert!(PageAddress::new(good).is_ok(), "{good}");
        }
        for bad in [
            "http://pool.example.org",
            "https://localhost",
            "https://Pool.example.org",
            "https://pool.example.org/",
            "https://pool.example.org/bolao/",
            "https://pool.example.org//bolao",
            "https://pool.example.org/../bolao",
            "https://pool.example.org/.",
            "https://pool.example.org/b%20",
            "https://pool.example.org/b?c",
            "https://pool.example.org/b#c",
            "https://pool.example.org/bol\u{e3}o",
            "https://pool.example.org:443",
            "https://pool.example.org:0",
            "https://pool.example.org:080",
            "https://pool.example.org:70000",
            "https://ana@pool.example.org",
            "https://pool..example",
            "https://-pool.example",
            "https://b\u{f6}lao.de",
            "https://[::1]",
            "https://",
            "",
        ] {
            assert_eq!(PageAddress::new(bad), Err(AddressError), "{bad}");
        }
    }
}
