//! The pool's links, and whose keys are behind them.

use bolao_rulebook::{Finding, finding};
use jiff::Timestamp;

use crate::{
    time,
    view::{Logs, Status},
};

/// The age at which what public logs say is called old, in seconds; and the time that a first reading may take.
const OLD_S: u64 = 3_600;
const FIRST_S: u64 = 600;

/// What was found at links: another key that a node met, or that a public log lists.
pub(in super::super) fn found(status: &Status) -> Vec<Finding> {
    let links = status.links.iter();
    let found = links.flat_map(|link| {
        let met = link.met.iter().map(|it| &it.finding);
        met.chain(link.logged.iter().map(|it| &it.finding))
    });
    found.cloned().collect()
}

/// That nobody has read public logs for a while, where that is so.
pub(in super::super) fn unread(status: &Status) -> Option<Finding> {
    let logs = status.logs.as_ref()?;
    let urls = logs.urls.join(", ");
    if logs.servers.is_empty() {
        return Some(finding!("logs-off", urls: urls));
    }
    let unread_s = age_s(logs);
    if unread_s < OLD_S {
        return None;
    }
    let why = if logs.troubles.is_empty() {
        "no server answered".to_owned()
    } else {
        logs.troubles.join("; ")
    };
    Some(finding!("logs-unread", span: time::span(unread_s), urls: urls, why: why))
}

/// All there is to say of links.
pub(in super::super) fn all(status: &Status) -> Vec<Finding> {
    let mut all = found(status);
    let is_well = all.is_empty();
    let urls: Vec<&str> = status.links.iter().map(|it| it.url.as_str()).collect();
    if urls.is_empty() {
        return all;
    }
    let urls = urls.join(", ");
    let Some(logs) = &status.logs else {
        all.extend(is_well.then(|| finding!("link-unlogged", urls: urls)));
        return all;
    };
    if let Some(unread) = unread(status) {
        all.push(unread);
        return all;
    }
    match logs.read {
        None if age_s(logs) < FIRST_S && logs.troubles.is_empty() => {
            all.push(finding!("logs-not-yet", urls: urls));
        }
        None => {
            let (span, why) = (time::span(age_s(logs)), logs.troubles.join("; "));
            all.push(finding!("logs-unread", span: span, urls: urls, why: why));
        }
        Some(at) => {
            let servers = logs.by.join(", ");
            all.extend(
                is_well.then(|| finding!("link-good", urls: urls, servers: servers, at: at)),
            );
            let why = logs.troubles.join("; ");
            all.extend((!why.is_empty()).then(|| finding!("logs-partly", why: why)));
        }
    }
    all
}

/// The time since logs were read last, or since they could have been, in seconds.
fn age_s(logs: &Logs) -> u64 {
    let last = logs.read.unwrap_or(logs.since);
    let age_s = Timestamp::now()
        .as_second()
        .saturating_sub(last.as_second());
    u64::try_from(age_s).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_client::Offline;
    use bolao_ledger::{AccountId, Genesis};
    use bolao_rulebook::Level;
    use bolao_store::Store;
    use serde_json::{Value, json};

    use super::*;

    const URL: &str = "https://ana.relay.bolao.dev";

    async fn status(logs: Value, logged: bool) -> Status {
        let store = Store::in_memory(&Genesis::article()).unwrap();
        let mut status = Offline::new(&store).get("/api/v1/status").await.unwrap();
        let found = json!([{ "player": { "account": AccountId([7; 32]) }, "key": "a7", "certificate": "c3", "log": "crt.sh",
            "id": "1", "time": Timestamp::now(), "code": "logged-key", "level": "bad", "subject": "link", "text": "a certificate" }]);
        status["links"] = json!([{ "url": URL, "player": { "account": AccountId([7; 32]) }, "keys": ["0f"],
            "time": Timestamp::now(), "signature": "00".repeat(64), "logged": if logged { found } else { json!([]) } }]);
        status["logs"] = logs;
        serde_json::from_value(status).unwrap()
    }

    /// What is said in green needs that somebody has looked.
    #[tokio::test]
    async fn nothing_is_called_good_that_nobody_has_read_in_public_logs() {
        let now = Timestamp::now();
        let ago = |s: i64| Timestamp::from_second(now.as_second() - s).unwrap();
        let logs = |servers: &[&str], since, read, troubles: &[&str]| {
            let mut logs =
                json!({ "urls": [URL], "servers": servers, "since": since, "troubles": troubles });
            if let Some(read) = read {
                logs["read"] = json!(Timestamp::to_string(&read));
                logs["by"] = json!(["api.certspotter.com"]);
            }
            logs
        };
        let asked = ["crt.sh", "api.certspotter.com"];
        let down = ["crt.sh answered 502"];
        for (logs, codes) in [
            (Value::Null, &["link-unlogged"][..]),
            (logs(&[], ago(60), None, &[]), &["logs-off"]),
            (logs(&asked, ago(60), None, &[]), &["logs-not-yet"]),
            (logs(&asked, ago(60), None, &down), &["logs-unread"]),
            (logs(&asked, ago(9_000), None, &[]), &["logs-unread"]),
            (
                logs(&asked, ago(9_000), Some(ago(7_000)), &down),
                &["logs-unread"],
            ),
            (logs(&asked, ago(9_000), Some(ago(60)), &[]), &["link-good"]),
            (
                logs(&asked, ago(9_000), Some(ago(60)), &down),
                &["link-good", "logs-partly"],
            ),
        ] {
            let found = all(&status(logs.clone(), false).await);
            let found_codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
            assert_eq!(found_codes, codes, "{logs}");
            let is_good = found.iter().any(|it| it.level == Level::Good);
            let names = |server| found.iter().any(|it| it.text.contains(server));
            assert!(
                !is_good || names("according to api.certspotter.com ("),
                "{found:?}"
            );
            assert_eq!(is_good, codes.contains(&"link-good"), "{logs}");
            let found = all(&status(logs.clone(), true).await);
            assert!(found.iter().all(|it| it.level != Level::Good), "{logs}");
            assert_eq!(found[0].code, "logged-key");
        }
    }
}
