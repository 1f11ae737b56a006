//! The place of reminders: an address of the operator's that takes a POST.
//!
//! The operator chose it, so it may be in any network. Of an answer only its head is read.

use std::{fmt, str::FromStr, time::Duration};

use base64ct::{Base64, Encoding as _};
use bolao_rulebook::Language;
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use thiserror::Error;
use tokio::sync::Semaphore;
use url::Url;

use super::message::ChatMessage;
use crate::services::outgoing;

/// The longest address, in bytes.
const MAX_URL: usize = 2_048;

/// The reminders that a node sends before betting ends.
#[derive(Clone, Debug)]
pub struct RemindConfig {
    /// The address that takes them.
    pub url: RemindUrl,
    /// The time before betting ends.
    pub before: Duration,
    /// Their form.
    pub form: RemindAs,
    /// Their language.
    pub language: Language,
}

/// The form of a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemindAs {
    /// Plain text with a heading, as ntfy shows it.
    Text,
    /// JSON with a `text`, for Slack, Mattermost and Rocket.Chat.
    Slack,
    /// JSON with a `content`, for Discord.
    Discord,
}

impl RemindAs {
    /// The form in which a text that players or organisers wrote stands in it.
    pub(super) const fn shown(self) -> fn(&str) -> String {
        match self {
            Self::Text => str::to_owned,
            Self::Slack => for_slack,
            Self::Discord => for_discord,
        }
    }
}

impl FromStr for RemindAs {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "slack" => Ok(Self::Slack),
            "discord" => Ok(Self::Discord),
            _ => Err("wanted text, slack or discord"),
        }
    }
}

/// An address that takes reminders. It is a secret: whoever has it can write there. So it is shown by its host alone.
#[derive(Clone, PartialEq, Eq)]
pub struct RemindUrl(Url);

impl RemindUrl {
    fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl fmt::Debug for RemindUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}/…", self.0.scheme(), self.host())
    }
}

impl FromStr for RemindUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "wanted an address that begins with https:// or http:// and a host, such as https://ntfy.sh/our-cup";
        if text.len() > MAX_URL {
            return Err("wanted an address of at most 2048 bytes");
        }
        let url = Url::parse(text).map_err(|_| WANTED)?;
        let is_good = matches!(url.scheme(), "https" | "http") && url.has_host();
        is_good.then_some(Self(url)).ok_or(WANTED)
    }
}

/// Why a reminder did not arrive.
#[derive(Debug, Error)]
pub(super) enum SendError {
    /// It may at another time.
    #[error("it {0}")]
    Later(String),
    /// It will not.
    #[error("it is refused: {0}")]
    Refused(String),
}

/// A sender of reminders.
#[derive(Debug)]
pub(super) struct Place {
    client: Client,
    url: RemindUrl,
    form: RemindAs,
    /// One at a time, as chats want it.
    turns: Semaphore,
}

impl Place {
    pub(super) fn new(config: &RemindConfig) -> Result<Self, String> {
        let mut client = outgoing::client();
        if config.url.0.scheme() == "http" {
            client = client.tls_certs_only([]);
        }
        let client = client.build().map_err(outgoing::no_client)?;
        Ok(Self {
            client,
            url: config.url.clone(),
            form: config.form,
            turns: Semaphore::new(1),
        })
    }

    /// The part of its address that may be logged.
    pub(super) fn host(&self) -> &str {
        self.url.host()
    }

    fn request(&self, ChatMessage { title, body }: &ChatMessage) -> RequestBuilder {
        let request = self.client.post(self.url.0.clone());
        let whole = format!("{title}\n{body}");
        match self.form {
            RemindAs::Text => request
                .header("content-type", "text/plain; charset=utf-8")
                .header("title", header(title))
                .body(body.clone()),
            RemindAs::Slack => request.json(&json!({ "text": whole })),
            RemindAs::Discord => request.json(&json!({
                "content": whole,
                "allowed_mentions": { "parse": [] },
            })),
        }
    }

    /// Sends one message.
    pub(super) async fn send(&self, message: &ChatMessage) -> Result<(), SendError> {
        let _turn = self.turns.acquire().await;
        let answer = self.request(message).send().await;
        let answer = answer.map_err(|error| {
            // The causes of it know nothing of the address; it does.
            SendError::Later(format!(
                "does not answer ({})",
                outgoing::innermost(&error.without_url())
            ))
        })?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status if outgoing::may_pass(status) => {
                Err(SendError::Later(format!("answers {status}")))
            }
            status => Err(SendError::Refused(status.to_string())),
        }
    }
}

/// A text as a header, in RFC 2047's words where it is not of ASCII alone.
fn header(text: &str) -> String {
    if text.bytes().all(|it| (b' '..=b'~').contains(&it)) {
        text.to_owned()
    } else {
        format!("=?UTF-8?B?{}?=", Base64::encode_string(text.as_bytes()))
    }
}

/// A text that calls nobody and links nowhere in Slack or Mattermost.
fn for_slack(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
        .replace('@', "@\u{200b}")
        .replace("](", "]\u{200b}(")
}

/// The same in Discord, whose Markdown knows a backslash.
fn for_discord(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        if r"\*_~`|<>[]()#@:".contains(letter) {
            shown.push('\\');
        }
        shown.push(letter);
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]

    use std::sync::{Arc, Mutex};

    use axum::{
        Router,
        extract::State,
        http::{HeaderMap, StatusCode, Uri},
        response::{IntoResponse, Response},
    };
    use tokio::net::TcpListener;

    use super::*;

    type Seen = Arc<Mutex<Vec<(HeaderMap, String)>>>;

    async fn take(
        State(seen): State<Seen>,
        uri: Uri,
        headers: HeaderMap,
        body: String,
    ) -> Response {
        seen.lock().unwrap().push((headers, body));
        match uri.path() {
            "/busy" => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            "/often" => StatusCode::TOO_MANY_REQUESTS.into_response(),
            "/gone" => StatusCode::NOT_FOUND.into_response(),
            "/moved" => (StatusCode::FOUND, [("location", "/")]).into_response(),
            _ => "a".repeat(1 << 20).into_response(),
        }
    }

    async fn places() -> (String, Seen) {
        let seen = Seen::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let router = Router::new().fallback(take).with_state(seen.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (at, seen)
    }

    fn place(url: &str, form: RemindAs) -> Place {
        let config = RemindConfig {
            url: url.parse().unwrap(),
            before: Duration::from_mins(1),
            form,
            language: Language::English,
        };
        Place::new(&config).unwrap()
    }

    fn message(form: RemindAs) -> ChatMessage {
        let title = "Bolão: bets are missing".to_owned();
        let names = form.shown()("<!here> @all *[x](y)*");
        ChatMessage::new(title, vec![format!("Still missing: {names}")], None)
    }

    #[tokio::test]
    async fn each_place_reads_its_own_form() {
        let (at, seen) = places().await;
        for form in [RemindAs::Text, RemindAs::Slack, RemindAs::Discord] {
            place(&at, form).send(&message(form)).await.unwrap();
        }
        let seen = seen.lock().unwrap();
        let [(text, body), (_, slack), (_, discord)] = &seen[..] else {
            panic!("{seen:?}");
        };
        assert_eq!(text["content-type"], "text/plain; charset=utf-8");
        let title = Base64::encode_string("Bolão: bets are missing".as_bytes());
        assert_eq!(text["title"], format!("=?UTF-8?B?{title}?="));
        assert!(body.ends_with("missing: <!here> @all *[x](y)*"), "{body}");
        let slack: serde_json::Value = serde_json::from_str(slack).unwrap();
        let said = slack["text"].as_str().unwrap();
        assert!(said.starts_with("Bolão: bets are missing\nStill missing"));
        assert!(
            said.contains("&lt;!here&gt; @\u{200b}all *[x]\u{200b}(y)*"),
            "{said}"
        );
        let discord: serde_json::Value = serde_json::from_str(discord).unwrap();
        let said = discord["content"].as_str().unwrap();
        assert!(said.contains(r"\<!here\> \@all \*\[x\]\(y\)\*"), "{said}");
        assert_eq!(discord["allowed_mentions"], json!({ "parse": [] }));
    }

    #[tokio::test]
    async fn only_what_may_change_is_tried_again() {
        let (at, seen) = places().await;
        for (path, is_later) in [
            ("busy", true),
            ("often", true),
            ("gone", false),
            ("moved", false),
        ] {
            let place = place(&format!("{at}/{path}?auth=s3cret"), RemindAs::Text);
            let error = place.send(&message(RemindAs::Text)).await.unwrap_err();
            assert_eq!(matches!(error, SendError::Later(_)), is_later, "{error}");
        }
        // No redirect was followed.
        assert_eq!(seen.lock().unwrap().len(), 4);
        let closed = place("http://127.0.0.1:1/s3cret", RemindAs::Text);
        let error = closed.send(&message(RemindAs::Text)).await.unwrap_err();
        assert!(matches!(error, SendError::Later(_)), "{error}");
        assert!(
            !format!("{error} {error:?} {closed:?}").contains("s3cret"),
            "{error:?} {closed:?}"
        );
    }

    #[test]
    fn an_address_is_on_the_web_and_stays_secret() {
        for good in [
            "https://ntfy.sh/s3cret",
            "http://192.168.1.5:8080/s3cret",
            "https://a:s3cret@ntfy.example/x",
        ] {
            let url: RemindUrl = good.parse().unwrap();
            assert!(!format!("{url:?}").contains("s3cret"), "{url:?}");
        }
        let long = format!("https://a/{}", "a".repeat(MAX_URL));
        for bad in [
            "",
            "ntfy.sh/x",
            "ftp://a/x",
            "https://",
            "file:///x",
            "mailto:a@b.example",
            &long,
        ] {
            assert!(bad.parse::<RemindUrl>().is_err(), "{bad}");
        }
    }
}
