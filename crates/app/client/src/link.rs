//! Invitation links: `http://HOST:PORT/join#INVITATION`, or below a path of the host: `https://HOST/PATH/join#INVITATION`.
//!
//! What stands after `#` never reaches a server: browsers keep it to themselves, and so do we. It is a
//! [`bolao_wallet::InviteText`]: all of an invitation, or a short text for which the link's node has the rest.

use std::fmt;

use anyhow::{Context as _, bail};
use bolao_api::body::KeptInvitationBody;
use bolao_wallet::{Invite, InviteText, NewInvite};
use serde_json::json;
use url::Url;

use crate::{Client, as_view};

/// The path of the page that lets a friend in.
const PATH: &str = "/join";
/// The path where a node keeps what short links leave to it.
const KEPT: &str = "/api/v1/invitations";
/// More than that is, in bytes.
const MAX_KEPT: usize = 4_096;

/// A node, and a way into its pool.
#[derive(Debug)]
pub struct Link {
    /// Such as `http://192.168.1.5:9000`.
    node: String,
    /// The invitation, whole or short: the text after `#`.
    text: InviteText,
}

impl Link {
    /// A link to the page of a node.
    pub fn new(node: &str, text: impl Into<InviteText>) -> anyhow::Result<Self> {
        Ok(Self {
            node: self::node(node)?,
            text: text.into(),
        })
    }

    /// Reads a link that has a `#`.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let (page, invitation) = text.trim().split_once('#').unwrap_or((text, ""));
        let node = page
            .trim_end_matches('/')
            .strip_suffix(PATH)
            .and_then(|node| self::node(node).ok())
            .with_context(|| {
                format!("`{page}#…` is not an invitation link, wanted one such as http://192.168.1.5:9000{PATH}#…")
            })?;
        Ok(Self {
            node,
            text: invitation.parse()?,
        })
    }

    /// The whole invitation. What a short link leaves out is asked of its node, and is what the link names or an error.
    pub async fn complete(&self, client: &Client) -> anyhow::Result<Invite> {
        match &self.text {
            InviteText::Whole(invite) => Ok(invite.as_ref().clone()),
            InviteText::Short(short) => {
                let path = format!("{KEPT}/{}", short.ticket());
                let client = client.clone().with_max_answer(MAX_KEPT);
                let kept: KeptInvitationBody = client.read(&path).await?;
                Ok(short.complete(&kept.invitation)?)
            }
        }
    }

    /// The node's URL.
    pub fn node(&self) -> &str {
        &self.node
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{PATH}#{}", self.node, self.text)
    }
}

/// Leaves a new invitation with the node that its link will lead to: what the link then carries.
pub async fn leave(client: &Client, new: &NewInvite) -> anyhow::Result<InviteText> {
    let invitation = new.public.to_string();
    let body = json!({ "invitation": invitation });
    let kept: KeptInvitationBody = as_view(client.post(KEPT, &body).await?)?;
    if kept.invitation != invitation {
        bail!("it answered something else");
    }
    Ok(new.short.clone().into())
}

/// `http://HOST:PORT` of a node, which may be written without the scheme, or `https://HOST`; with the path below which a proxy shows
/// the node, if it does, and no slash at its end.
pub fn node(text: &str) -> anyhow::Result<String> {
    let wanted =
        || format!("`{text}` is not a node's URL, wanted one such as http://192.168.1.5:9000");
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&whole).with_context(wanted)?;
    let plain = ["http", "https"].contains(&url.scheme())
        && url.username().is_empty()
        && url.password().is_none()
        && url.path().bytes().all(is_of_path)
        && !url.path().contains("//")
        && url.query().is_none()
        && url.fragment().is_none();
    let host = url.host_str().filter(|_| plain).with_context(wanted)?;
    let (scheme, path) = (url.scheme(), url.path().trim_end_matches('/'));
    Ok(match url.port() {
        Some(port) => format!("{scheme}://{host}:{port}{path}"),
        None => format!("{scheme}://{host}{path}"),
    })
}

/// Whether the path of a node's URL may have a byte: what needs no escape, so that the URL has one form.
const fn is_of_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~')
}

/// The host's name in a node's URL, if it is no address and none of this machine's.
pub fn name(node: &str) -> Option<String> {
    match Url::parse(node).ok()?.host()? {
        url::Host::Domain(name) if !is_local(node) => Some(name.to_owned()),
        _ => None,
    }
}

/// Whether a link leads back to the machine that opens it.
pub fn is_local(node: &str) -> bool {
    Url::parse(node).is_ok_and(|url| match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::{Json, Router, routing::get};
    use bolao_ledger::{BlockHash, BlockId, Height, PoolId, UnixSeconds};
    use bolao_wallet::{HeldTicket, Key, TicketSecret};

    use super::*;

    fn link() -> String {
        let pool = PoolId([3; 32]);
        let organiser = Key::generate().unwrap();
        let ticket = {
            let key = Key::generate().unwrap();
            HeldTicket::issue(&organiser, key, pool, 5, UnixSeconds(9))
        };
        let invite = Invite {
            pool,
            named: None,
            ticket: Some(ticket),
        };
        Link::new("192.168.1.5:9000", invite).unwrap().to_string()
    }

    #[test]
    fn links_are_read_as_written() {
        let text = link();
        assert!(
            text.starts_with("http://192.168.1.5:9000/join#AQ"),
            "{text}"
        );
        for same in [
            text.clone(),
            format!("  {text}\n"),
            text.replace("http://", ""),
            text.replace("/join#", "/join/#"),
        ] {
            let link = Link::parse(&same).unwrap();
            assert_eq!(link.node(), "http://192.168.1.5:9000");
            assert_eq!(link.to_string(), text);
        }
    }

    #[test]
    fn a_node_may_be_below_a_path() {
        for (text, node) in [
            ("https://home.example/bolao/", "https://home.example/bolao"),
            ("home.example/p/Ab-c_d~1", "http://home.example/p/Ab-c_d~1"),
            ("https://home.example:443", "https://home.example"),
        ] {
            assert_eq!(self::node(text).unwrap(), node);
        }
        let below = link().replace(":9000/", ":9000/bolao/");
        let link = Link::parse(&below).unwrap();
        assert_eq!(link.node(), "http://192.168.1.5:9000/bolao");
        assert_eq!(link.to_string(), below);
        for bad in [
            "https://a.b/c%20d",
            "https://a.b//c",
            "https://a.b/c?d",
            "ftp://a.b",
        ] {
            self::node(bad).unwrap_err();
        }
    }

    #[test]
    fn a_damaged_link_says_so() {
        let text = link();
        let cut = text.get(..text.len() - 1).unwrap();
        for bad in [cut, &format!("{text}A"), "http://192.168.1.5:9000/join#"] {
            let error = Link::parse(bad).unwrap_err().to_string();
            assert!(error.contains("damaged"), "{bad}: {error}");
        }
        let ftp = text.replace("http", "ftp");
        for bad in [text.replace("/join", "/other"), ftp, "#".to_owned()] {
            let error = Link::parse(&bad).unwrap_err().to_string();
            assert!(error.contains("not an invitation link"), "{bad}: {error}");
        }
    }

    fn new(pool: PoolId, named: Option<BlockId>, uses: u32) -> NewInvite {
        let (organiser, secret) = (Key::from_secret(&[1; 32]), TicketSecret::new([2; 16]));
        NewInvite::issue(&organiser, secret, pool, named, uses, UnixSeconds(9))
    }

    /// Gives what comes of a short link whose node answers with this.
    async fn completed(
        short: &NewInvite,
        given: Json<serde_json::Value>,
    ) -> anyhow::Result<Invite> {
        let route = Router::new().route("/api/v1/invitations/{ticket}", get(async || given));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let node = listener.local_addr().unwrap().to_string();
        let serving = tokio::spawn(async { axum::serve(listener, route).await });
        let link = Link::new(&node, short.short.clone()).unwrap();
        let read = Link::parse(&link.to_string()).unwrap();
        let invite = read.complete(&Client::new(read.node()).unwrap()).await;
        serving.abort();
        invite
    }

    #[tokio::test]
    async fn a_node_that_lies_about_a_short_link_is_caught() {
        let pool = PoolId([3; 32]);
        let named = |hash| {
            let height = Height(7);
            let hash = BlockHash([hash; 32]);
            Some(BlockId { height, hash })
        };
        let honest = new(pool, named(1), 5);
        let gives = |invite: &NewInvite| Json(json!({ "invitation": invite.public.to_string() }));
        let invite = completed(&honest, gives(&honest)).await.unwrap();
        assert_eq!(invite.to_string(), honest.whole.to_string());
        for lie in [
            new(PoolId([4; 32]), named(1), 5),
            new(pool, named(2), 5),
            new(pool, None, 5),
            new(pool, named(1), 6),
        ] {
            let error = completed(&honest, gives(&lie)).await.unwrap_err();
            assert!(
                error.to_string().contains("different invitation"),
                "{error}"
            );
        }
        for nonsense in [json!({}), json!({ "invitation": "A".repeat(9_000) })] {
            assert!(completed(&honest, Json(nonsense)).await.is_err());
        }
    }

    #[test]
    fn nodes_are_hosts_and_ports() {
        for (text, wanted) in [
            ("192.0.2.2:9100", "http://192.0.2.2:9100"),
            ("http://192.0.2.2:9100/", "http://192.0.2.2:9100"),
            ("[2001:db8::1]:9100", "http://[2001:db8::1]:9100"),
            ("http://pool.example", "http://pool.example"),
            ("https://pool.example:443/", "https://pool.example"),
            ("https://pool.example:8443", "https://pool.example:8443"),
        ] {
            assert_eq!(node(text).unwrap(), wanted);
        }
        for bad in [
            "",
            "ftp://pool.example",
            "http://u:p@a",
            "http://a?b",
            "http://a#b",
            "a b",
            "a:99999",
        ] {
            assert!(node(bad).is_err(), "{bad}");
        }
        for local in ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"] {
            assert!(is_local(local), "{local}");
        }
        assert!(!is_local("http://192.0.2.2:9100"));
    }
}
