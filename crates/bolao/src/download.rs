//! Files from the web: bounded in size, time and redirects.

use std::{error::Error, time::Duration};

use anyhow::{Context as _, bail};
use bolao_client::no_connection;
use reqwest::{
    Client, Response,
    redirect::{Attempt, Policy},
};
use url::Url;

use crate::version::VERSION;

const CONNECT: Duration = Duration::from_secs(10);
/// The most time that everything may take.
const TIMEOUT: Duration = Duration::from_secs(30);
const MAX_REDIRECTS: usize = 5;

/// The list of matches at a URL, of at most so many bytes.
pub(crate) async fn text(url: &Url, most: usize) -> anyhow::Result<String> {
    let builder = || {
        Client::builder()
            .user_agent(format!("bolao/{}", VERSION.as_str()))
            .redirect(Policy::custom(follow))
            .referer(false)
            .connect_timeout(CONNECT)
            .timeout(TIMEOUT)
    };
    let client = match builder().build() {
        Err(_) if url.scheme() == "http" => builder().tls_certs_only([]).build(),
        built => built,
    };
    let client = client.context(
        "cannot read from the web: this machine has no certificates to trust (Debian: apt install ca-certificates)",
    )?;
    let response = client.get(url.clone()).send().await;
    let mut response = response
        .and_then(Response::error_for_status)
        .map_err(|error| cannot(url, &error))?;
    let mut bytes = Vec::new();
    let whole = response.content_length().unwrap_or(0);
    loop {
        if bytes.len() > most || whole > u64::try_from(most).unwrap_or(u64::MAX) {
            bail!("{url} is too long: at most {most} bytes are read");
        }
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(cannot(url, &error)),
        }
    }
    Ok(bolao_fixtures::decode(&bytes).into_owned())
}

/// Follows a redirect, but never from where nobody reads along to where anybody can.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let previous = attempt.previous();
    let opened = attempt.url().scheme() != "https"
        && previous.last().is_some_and(|it| it.scheme() == "https");
    if opened {
        attempt.error("it leads from https to http")
    } else if previous.len() > MAX_REDIRECTS {
        attempt.error("it leads from one place to the next without end")
    } else {
        attempt.follow()
    }
}

fn cannot(url: &Url, error: &reqwest::Error) -> anyhow::Error {
    let innermost = || {
        let mut cause: &dyn Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        cause.to_string()
    };
    let why = if let Some(status) = error.status() {
        format!("it answers {status}")
    } else if error.is_timeout() {
        format!("it takes longer than {} seconds", TIMEOUT.as_secs())
    } else {
        no_connection(error).map_or_else(innermost, ToOwned::to_owned)
    };
    anyhow::anyhow!("cannot read {url}: {why}")
}
