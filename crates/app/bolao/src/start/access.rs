//! Who may use the first run: the browser that this program opened, and nobody else on this machine or in it.
//!
//! The address holds a code, after `#`, where it stays in the browser; other users may see it in the list of processes for a
//! moment. It is exchanged once for a token: if somebody was faster, the page says so. Requests must name this server as their
//! host, since a page of another site can point a name of its own at this machine, and may not come from another page.

use std::sync::{Mutex, PoisonError};

use bolao_discovery::Problem;
use bolao_reach::Site;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// 32 random bytes, in hexadecimal.
type Secret = Zeroizing<String>;

pub(super) struct Access {
    /// As browsers name them, the site on the web first.
    hosts: Vec<String>,
    code: Mutex<Option<Secret>>,
    token: Secret,
}

impl Access {
    /// Of a server on a port, and on a site, with the code for its address.
    pub(super) fn new(port: u16, site: Option<&Site>) -> (Self, Secret) {
        let code = secret();
        let own = ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}"));
        let access = Self {
            hosts: site.map(Site::to_string).into_iter().chain(own).collect(),
            code: Mutex::new(Some(code.clone())),
            token: secret(),
        };
        (access, code)
    }

    /// Refuses a request that names another host.
    pub(super) fn check_host(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let host = headers.get(header::HOST);
        if host.is_some_and(|host| self.hosts.iter().any(|own| host == own)) {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            format!("this page is at {}", self.hosts.join(" and ")),
        ))
    }

    /// The token, for whoever is the first to have the code.
    pub(super) fn exchange(&self, headers: &HeaderMap) -> Result<&str, Problem> {
        check_origin(headers)?;
        let mut code = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        match &*code {
            Some(wanted) if carries(headers, wanted) => {
                *code = None;
                Ok(&self.token)
            }
            Some(_) => Err(denied(
                "this address is not the one that `bolao start` printed: copy it whole",
            )),
            None => Err(denied(
                "this address has already been opened, and works only once: go on in that window, or stop `bolao \
                start` with Ctrl-C and start it again",
            )),
        }
    }

    /// Refuses whoever has no token.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Problem> {
        check_origin(headers)?;
        if carries(headers, &self.token) {
            return Ok(());
        }
        Err(denied(
            "this needs the token of the page that `bolao start` opened",
        ))
    }
}

/// Refuses pages of other origins.
fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let is_own = |origin: &HeaderValue| {
        let (_, host) = origin.to_str().ok()?.split_once("://")?;
        (headers.get(header::HOST)? == host).then_some(())
    };
    let origins = headers.get_all(header::ORIGIN);
    let site = headers.get("sec-fetch-site");
    let is_foreign = origins.iter().any(|origin| is_own(origin).is_none())
        || site.is_some_and(|site| site != "same-origin" && site != "none");
    if is_foreign {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "pages of other sites cannot start here",
        ));
    }
    Ok(())
}

fn secret() -> Secret {
    Zeroizing::new(hex::encode(rand::random::<[u8; 32]>()))
}

fn carries(headers: &HeaderMap, secret: &Secret) -> bool {
    let given = headers.get(header::AUTHORIZATION);
    given
        .and_then(|given| given.as_bytes().strip_prefix(b"Bearer "))
        .is_some_and(|given| given.ct_eq(secret.as_bytes()).into())
}

fn denied(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, detail)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_code_is_good_once() {
        let (access, code) = Access::new(9000, None);
        let own = ("host", "127.0.0.1:9000");
        let given = format!("Bearer {}", *code);
        let with = |given: &str| headers(&[own, ("authorization", given)]);
        for wrong in ["", "Bearer ", &given[..given.len() - 1], &given[7..]] {
            assert!(access.exchange(&with(wrong)).is_err(), "{wrong}");
            assert!(access.check(&with(wrong)).is_err(), "{wrong}");
        }
        assert!(access.check(&with(&given)).is_err(), "a code is no token");
        let token = access.exchange(&with(&given)).unwrap().to_owned();
        let again = access.exchange(&with(&given)).unwrap_err();
        assert!(again.detail.contains("already"));
        assert!(access.check(&with(&format!("Bearer {token}"))).is_ok());
        assert!(access.exchange(&with(&format!("Bearer {token}"))).is_err());
    }

    #[test]
    fn other_hosts_and_other_pages_are_refused() {
        let (access, _) = Access::new(9000, None);
        for (host, passes) in [
            ("127.0.0.1:9000", true),
            ("localhost:9000", true),
            ("127.0.0.1", false),
            ("127.0.0.1:9001", false),
            ("evil.example:9000", false),
            ("192.168.1.5:9000", false),
        ] {
            let checked = access.check_host(&headers(&[("host", host)]));
            assert_eq!(checked.is_ok(), passes, "{host}");
        }
        assert!(access.check_host(&HeaderMap::new()).is_err());
        let token = format!("Bearer {}", *access.token);
        let from = |name, value| {
            let host = ("host", "localhost:9000");
            let given = headers(&[host, ("authorization", &token), (name, value)]);
            access.check(&given).is_ok()
        };
        assert!(from("origin", "http://localhost:9000"));
        assert!(from("sec-fetch-site", "same-origin"));
        for origin in [
            "http://127.0.0.1:9000",
            "http://localhost:9001",
            "http://evil.example",
            "null",
        ] {
            assert!(!from("origin", origin), "{origin}");
        }
        assert!(!from("sec-fetch-site", "same-site"));
        assert!(!from("sec-fetch-site", "cross-site"));
    }
}
