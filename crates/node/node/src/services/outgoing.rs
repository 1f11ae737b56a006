//! Messages to servers of others: one client, one patience. Redirects are not followed, and time is bounded.

use std::{error::Error, iter, time::Duration};

use backon::ExponentialBuilder;
use reqwest::{Client, ClientBuilder, StatusCode, redirect::Policy};

/// The time that a server has to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A client that follows no redirects, before its certificates are chosen.
pub(crate) fn client() -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("bolao/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .timeout(TIMEOUT)
}

/// The reason why a client cannot be made, in a sentence with what to do.
pub(crate) fn no_client(error: reqwest::Error) -> String {
    let why = innermost(&error.without_url());
    format!(
        "this machine's list of certificates cannot be read, so install ca-certificates ({why})"
    )
}

/// The waits between tries: five seconds at first, some half hour in all.
pub(crate) fn waits() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_secs(5))
        .with_factor(4.0)
        .with_max_delay(Duration::from_mins(20))
        .with_max_times(5)
        .with_jitter()
}

/// Whether a server that answers so may take the same at another time.
pub(crate) fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status)
}

/// The last cause of an error, which names what happened.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |&it| it.source());
    causes.last().map_or_else(String::new, ToString::to_string)
}
