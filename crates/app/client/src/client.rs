//! An HTTP client for a node's API: bounded answers and times, no proxies, no redirects.

use std::{
    error::Error,
    fmt,
    ops::{Deref, DerefMut},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use backon::{ExponentialBuilder, Retryable as _};
use bolao_api::body::{Problem, Submitted, VerdictBody};
use bolao_feeds::no_connection;
use bolao_ledger::{Reason, Transaction, encode};
use reqwest::{RequestBuilder, Response, StatusCode, redirect::Policy};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;

use crate::as_view;

const CONNECT: Duration = Duration::from_secs(3);
/// Shorter than a node keeps a connection on which nothing is asked (8 s): a request does not cross its close.
const IDLE: Duration = Duration::from_secs(4);
/// Longer than what the API allows itself for an ordinary answer.
const ANSWER: Duration = Duration::from_secs(20);
/// The first pause before a busy node is asked again, and the longest.
const BUSY: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(4));
/// The longest ordinary answer, in bytes: a page of transactions is far shorter.
const MAX_ANSWER: usize = 32 << 20;
/// The most memory that an answer may take once it is read, in bytes. A page of whole transactions takes a third.
const MAX_ROOM: usize = 512 << 20;

/// A node's API.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
    max_answer: usize,
    patience: Option<Patience>,
}

/// The patience with a busy node: how long it is asked again, and what tells of it.
#[derive(Clone, Debug)]
struct Patience {
    within: Duration,
    tell: fn(&Url),
    /// Since when it is known to be busy.
    since: Arc<OnceLock<Instant>>,
}

/// A refusal by the API, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError(pub Box<Problem>);

impl Deref for ApiError {
    type Target = Problem;

    fn deref(&self) -> &Problem {
        &self.0
    }
}

impl DerefMut for ApiError {
    fn deref_mut(&mut self) -> &mut Problem {
        &mut self.0
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)?;
        match &self.code {
            Some(code) if Reason::of(code).is_some() => {
                write!(f, " [{code}]")
            }
            // That of a status says no more than the text.
            _ => Ok(()),
        }
    }
}

impl Error for ApiError {}

/// No answer of a node.
#[derive(Debug)]
pub struct Unreached {
    base: String,
    why: &'static str,
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base, why } = self;
        write!(f, "cannot reach the node at {base}: {why}")
    }
}

impl Error for Unreached {}

impl ApiError {
    /// Whether the API refused for this reason.
    pub fn is(&self, reason: Reason) -> bool {
        self.code.as_deref() == Some(reason.code())
    }

    /// The rule of the pool that refuses, if it is one.
    pub fn reason(&self) -> Option<Reason> {
        Reason::of(self.code.as_deref()?)
    }

    /// Whether an error is the API's refusal by a rule of the pool.
    pub fn is_rejection(error: &anyhow::Error) -> bool {
        let refused = error.downcast_ref::<Self>();
        refused.is_some_and(|refused| refused.reason().is_some())
    }

    /// Whether an error is the API's refusal for one of these reasons.
    pub fn is_any(error: &anyhow::Error, reasons: &[Reason]) -> bool {
        let refused = error.downcast_ref::<Self>();
        refused.is_some_and(|refused| reasons.iter().any(|reason| refused.is(*reason)))
    }

    /// Whether the node had no time for it, and may have some in a moment.
    fn is_busy(error: &anyhow::Error) -> bool {
        const BUSY: [StatusCode; 2] = [
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        let refused = error.downcast_ref::<Self>();
        refused.is_some_and(|refused| BUSY.contains(&refused.status))
    }

    /// Why a transaction that was tried would be refused, if it would be.
    pub fn refusal(verdict: &VerdictBody) -> Option<Self> {
        (!verdict.accepted).then(|| {
            Self(Box::new(Problem {
                code: verdict.code.as_deref().map(|code| printable(code).into()),
                ..Problem::new(
                    StatusCode::CONFLICT,
                    printable(verdict.detail.as_deref().unwrap_or_default()),
                )
            }))
        })
    }

    /// The error of an answer, with what its body says of it.
    pub fn of(status: StatusCode, body: &[u8]) -> Self {
        let (detail, code) = match serde_json::from_slice::<Problem>(body) {
            Ok(problem) => (printable(&problem.detail), problem.code),
            Err(_) => (
                format!(
                    "got status {status} without a reason, so it may not be a Bolao node: check the address"
                ),
                None,
            ),
        };
        Self(Box::new(Problem {
            code: code.map(|code| printable(&code).into()),
            ..Problem::new(status, detail)
        }))
    }
}

/// Shortens a text that others sent, and keeps it from moving the cursor or changing colours.
fn printable(text: &str) -> String {
    let short: String = text.chars().take(500).collect();
    bolao_terminal::error::printable(&short)
}

impl Client {
    /// The API of the node at `http://host:port`, or `https://host`.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let base = Url::parse(url).with_context(|| format!("`{url}` is not a URL"))?;
        let is_secure = base.scheme() == "https";
        if !(is_secure || base.scheme() == "http") || base.host().is_none() {
            bail!("`{url}` is not a node's URL, wanted one such as http://192.168.1.5:9000");
        }
        let mut http = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .pool_idle_timeout(IDLE)
            .connect_timeout(CONNECT);
        if !is_secure {
            // Plain HTTP works also where there are no certificates.
            http = http.tls_certs_only([]);
        }
        let http = http.build().context(
            "this machine's list of certificates cannot be read: install ca-certificates",
        )?;
        Ok(Self {
            http,
            base,
            token: None,
            max_answer: MAX_ANSWER,
            patience: None,
        })
    }

    /// Calls as the home's own user from now on.
    pub fn with_token(self, token: String) -> Self {
        Self {
            token: Some(token),
            ..self
        }
    }

    /// Takes no answer that is longer, in bytes.
    pub fn with_max_answer(self, max_answer: usize) -> Self {
        Self { max_answer, ..self }
    }

    /// Asks again while the node is busy, until `within` has passed since it first was, and tells once that it is. For whoever asks
    /// alone: what is sent may be sent twice.
    pub fn patient(self, within: Duration, tell: fn(&Url)) -> Self {
        let since = Arc::default();
        Self {
            patience: Some(Patience {
                within,
                tell,
                since,
            }),
            ..self
        }
    }

    /// The node's URL.
    pub fn base(&self) -> &Url {
        &self.base
    }

    fn url(&self, path: &str) -> anyhow::Result<Url> {
        let base = self.base.as_str().trim_end_matches('/');
        Ok(Url::parse(&format!("{base}{path}"))?)
    }

    /// The JSON at a path.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.get_within(path, ANSWER).await
    }

    /// Whether the node answers to a host's name.
    pub async fn answers_to(&self, name: &str) -> bool {
        let request = self.http.get(self.base.clone()).timeout(CONNECT);
        let answer = request.header(reqwest::header::HOST, name).send().await;
        answer.is_ok_and(|answer| answer.status() != StatusCode::MISDIRECTED_REQUEST)
    }

    /// Reads the JSON at a path as the type that it is of.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        as_view(self.get(path).await?)
    }

    /// The same JSON where the node may take longer over it.
    pub async fn get_within(&self, path: &str, patience: Duration) -> anyhow::Result<Value> {
        self.json(self.http.get(self.url(path)?).timeout(patience))
            .await
    }

    /// The bytes at a path, at most `most` of them.
    pub async fn bytes(&self, path: &str, most: usize) -> anyhow::Result<Vec<u8>> {
        let request = self.http.get(self.url(path)?).timeout(ANSWER);
        body(self.answer(request).await?, most).await
    }

    /// An answer of any length, to be read piece by piece.
    pub async fn stream(&self, path: &str) -> anyhow::Result<Response> {
        self.answer(self.http.get(self.url(path)?)).await
    }

    /// Posts JSON; gives the answer's JSON.
    pub async fn post(&self, path: &str, value: &Value) -> anyhow::Result<Value> {
        self.json(self.http.post(self.url(path)?).timeout(ANSWER).json(value))
            .await
    }

    /// Sends a value that nothing is answered to.
    pub async fn tell(&self, path: &str, value: &impl Serialize) -> anyhow::Result<()> {
        let request = self.http.post(self.url(path)?).timeout(ANSWER).json(value);
        self.answer(request).await.map(drop)
    }

    /// Sends a signed transaction; its id.
    pub async fn submit(&self, transaction: &Transaction) -> anyhow::Result<Submitted> {
        let body = json!({ "transaction": hex::encode(encode(transaction)) });
        let answer = self.post("/api/v1/transactions", &body).await?;
        as_view(answer)
    }

    /// Posts nothing as the home's own user; `patience` is how long the answer may take.
    pub async fn command(&self, path: &str, patience: Duration) -> anyhow::Result<Value> {
        self.json(self.own_post(path, patience)?).await
    }

    /// Says, as the home's own user, that the node's clock is right.
    pub async fn trust_clock(&self) -> anyhow::Result<()> {
        let request = self.own_post("/api/v1/clock/trust", ANSWER)?;
        self.answer(request).await.map(drop)
    }

    fn own_post(&self, path: &str, patience: Duration) -> anyhow::Result<RequestBuilder> {
        let request = self.http.post(self.url(path)?).timeout(patience);
        Ok(match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
    }

    async fn json(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let response = self.answer(request).await?;
        let body = body(response, self.max_answer).await?;
        if room(&body) > MAX_ROOM {
            bail!("the answer has more entries than any honest node's");
        }
        serde_json::from_slice(&body)
            .with_context(|| format!("{} answered something that is not JSON", self.base))
    }

    /// An answer that is no error.
    async fn answer(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        let (Some(patience), Some(_)) = (&self.patience, request.try_clone()) else {
            return refused(self.send(request).await?).await;
        };
        let ask = || async {
            let request = request.try_clone().context("a request is asked once")?;
            refused(self.send(request).await?).await
        };
        let passed = patience.since.get().map(Instant::elapsed);
        let left = patience.within.saturating_sub(passed.unwrap_or_default());
        let pauses = ExponentialBuilder::default()
            .with_min_delay(BUSY.0)
            .with_max_delay(BUSY.1)
            .with_total_delay(Some(left))
            .without_max_times()
            .with_jitter();
        let is_in_time = || {
            patience
                .since
                .get()
                .is_none_or(|at| at.elapsed() < patience.within)
        };
        ask.retry(pauses)
            .when(|error| ApiError::is_busy(error) && is_in_time())
            .notify(|_, _| {
                patience.since.get_or_init(|| {
                    (patience.tell)(&self.base);
                    Instant::now()
                });
            })
            .await
    }

    async fn send(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        request.send().await.map_err(|error| {
            let why = if error.is_timeout() {
                "it took too long to answer"
            } else {
                no_connection(&error).unwrap_or("the connection broke")
            };
            let base = self.base.to_string();
            Unreached { base, why }.into()
        })
    }
}

/// An answer that is no error.
async fn refused(response: Response) -> anyhow::Result<Response> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = body(response, 64 << 10).await.unwrap_or_default();
    Err(ApiError::of(status, &body).into())
}

/// About how much memory JSON takes as a value: an object takes a hundred times its two brackets.
fn room(json: &[u8]) -> usize {
    const OBJECT: usize = 704;
    const ITEM: usize = 64;
    json.iter()
        .map(|byte| match byte {
            b'{' => OBJECT,
            b'[' | b',' => ITEM,
            _ => 0,
        })
        .sum()
}

async fn body(mut response: Response, most: usize) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|_| anyhow::anyhow!("the connection broke in the middle of the answer"))?
    {
        if body.len().saturating_add(chunk.len()) > most {
            bail!("the answer is longer than {most} bytes, which no honest node sends");
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::{Router, routing::get};

    use super::*;

    #[test]
    fn a_refusal_is_told_whatever_status_stands_in_it() {
        for body in [
            r#"{ "status": 0, "detail": "later" }"#,
            r#"{ "detail": "later" }"#,
        ] {
            let refused = ApiError::of(StatusCode::BAD_GATEWAY, body.as_bytes());
            assert_eq!(refused.status, StatusCode::BAD_GATEWAY);
            assert_eq!(refused.to_string(), "later");
        }
    }

    #[tokio::test]
    async fn an_answer_of_brackets_is_not_built() {
        let json = format!("[{}0]", r#"{"":0},"#.repeat(800_000));
        let route = Router::new().route("/", get(async || json));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let node = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async { axum::serve(listener, route).await });
        let error = Client::new(&node).unwrap().get("/").await.unwrap_err();
        assert!(error.to_string().contains("entries"), "{error}");
        serving.abort();
    }

    #[test]
    fn the_longest_page_of_transactions_has_room() {
        let tip = br#"{"match":{"no":1,"code":"PtCh","home":"Portugal","away":"Switzerland"},
            "score":{"home":2,"away":1},"stake":20,"void":false},"#;
        assert!(room(tip) * 500 * bolao_ledger::MAX_BETS < MAX_ROOM / 2);
    }
}
