//! Tokens: what the owner of a relay gives to a home.

use std::{fmt, str::FromStr};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use rustls::pki_types::DnsName;
use sha2::{Digest as _, Sha256};

use super::label::{Label, LabelError};

/// The port of a relay whose token names none.
const HTTPS: u16 = 443;

/// A relay's place: its domain and its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    domain: String,
    port: u16,
}

/// A text is no domain of a relay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "got `{0}` as a relay's domain, wanted a name in small letters, such as relay.example or relay.example:8443"
)]
pub struct PlaceError(String);

impl Place {
    /// The domain of the relay: the names of its homes end with it.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The port of the relay.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let wrong = || PlaceError(text.to_owned());
        let (domain, port) = match text.split_once(':') {
            None => (text, HTTPS),
            Some((domain, port)) => {
                let number: u16 = port.parse().map_err(|_| wrong())?;
                let is_plain = number != 0 && port == number.to_string();
                (domain, is_plain.then_some(number).ok_or_else(wrong)?)
            }
        };
        let is_name = DnsName::try_from(domain).is_ok()
            && !domain.ends_with('.')
            && !domain.bytes().any(|byte| byte.is_ascii_uppercase());
        if !is_name {
            return Err(wrong());
        }
        let domain = domain.to_owned();
        Ok(Self { domain, port })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            HTTPS => f.write_str(&self.domain),
            port => write!(f, "{}:{port}", self.domain),
        }
    }
}

/// The secret part of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one, of the system's randomness.
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// The hash that a relay keeps of it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// Reads its 43 characters of base64.
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let read = Base64UrlUnpadded::decode(text, &mut bytes).ok()?.len();
        (read == bytes.len()).then_some(Self(bytes))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").finish_non_exhaustive()
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base64UrlUnpadded::encode_string(&self.0))
    }
}

/// A token: a home's name and the secret that it has that name by, in one word: `ana.relay.example/SECRET`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The home's label.
    pub label: Label,
    /// The relay.
    pub relay: Place,
    /// The secret that the home has the label by.
    pub secret: Secret,
}

/// Why a text is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Not the form of a token.
    #[error(
        "this is not a relay's token: wanted one word such as ana.relay.example/… with 43 characters after the `/`, \
        none of them changed; copy the whole line that `bolao relay add` printed"
    )]
    Form,
    /// Its first part is no label.
    #[error("the token's name does not begin with a label")]
    Label(#[from] LabelError),
    /// It names no relay.
    #[error("the token names no relay")]
    Place(#[from] PlaceError),
}

impl Token {
    /// The label that it is for.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The relay that knows it.
    pub fn relay(&self) -> &Place {
        &self.relay
    }

    /// The home's name, such as `ana.relay.example`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.label, self.relay.domain)
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let (name, secret) = text.split_once('/').ok_or(TokenError::Form)?;
        let (label, relay) = name.split_once('.').ok_or(TokenError::Form)?;
        Ok(Self {
            label: label.parse()?,
            relay: relay.parse()?,
            secret: Secret::read(secret).ok_or(TokenError::Form)?,
        })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}/{}", self.label, self.relay, self.secret)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("label", &self.label)
            .field("relay", &self.relay)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        for place in ["relay.example", "relay.example:8443"] {
            let token = Token {
                label: "ana".parse().unwrap(),
                relay: place.parse().unwrap(),
                secret: Secret([7; 32]),
            };
            let text = token.to_string();
            assert!(text.starts_with(&format!("ana.{place}/")));
            assert_eq!(text.parse(), Ok(token.clone()));
            assert_eq!(token.name(), "ana.relay.example");
            assert!(!format!("{token:?}").contains("Bwc"), "the secret is shown");
        }
    }

    #[test]
    fn other_words_are_no_tokens() {
        let secret = Secret([7; 32]).to_string();
        for name in [
            "",
            "ana",
            "ana.relay.example:443",
            "ana.relay.example.",
            "ana.Relay.example",
            "www.relay.example",
        ] {
            let read = format!("{name}/{secret}").parse::<Token>();
            // A port that is the usual one is allowed to stand there.
            assert_eq!(read.is_ok(), name.ends_with(":443"), "{name}");
        }
        for port in ["0", "08443", "65536", "+1", ""] {
            let text = format!("ana.relay.example:{port}/{secret}");
            assert!(text.parse::<Token>().is_err(), "{text}");
        }
        let short = secret.get(1..).unwrap();
        // The last character says four bits, in one way.
        let other = format!("{}d", secret.strip_suffix('c').unwrap());
        for secret in [
            short,
            &other,
            &format!("{secret}A"),
            &format!("{secret}="),
            "",
        ] {
            let text = format!("ana.relay.example/{secret}");
            assert_eq!(text.parse::<Token>(), Err(TokenError::Form), "{text}");
        }
    }
}
