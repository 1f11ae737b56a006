//! Whether the page's URL shows this pool's page, with its files.

use bolao_rulebook::{Finding, finding};
use serde_json::Value;

use crate::{
    exit::sentence,
    source::{Client, Unreached},
};

/// The longest `index.html` and the longest file that it names, in bytes.
const MOST: (usize, usize) = (64 << 10, 4 << 20);

/// What somebody gets at the URL of a pool's page, as this machine sees it.
pub(super) async fn look(url: &str, pool: &str) -> Finding {
    match opened(url, pool).await {
        Ok(None) => finding!("shown-good", url: url),
        Ok(Some(what)) => finding!("shown-other", url: url, what: what),
        Err(error) if error.is::<Unreached>() => {
            finding!("shown-unknown", url: url, why: sentence(&error))
        }
        Err(error) => finding!("shown-other", url: url, what: sentence(&error)),
    }
}

/// What is wrong with what is shown there, if something is.
async fn opened(url: &str, pool: &str) -> anyhow::Result<Option<String>> {
    let client = Client::new(url)?;
    let shown = client.get("/api/v1/pool").await?;
    if shown.get("id").and_then(Value::as_str) != Some(pool) {
        return Ok(Some("it belongs to another pool".to_owned()));
    }
    let page = client.bytes("/index.html", MOST.0).await?;
    let page = String::from_utf8_lossy(&page);
    let file = page.split(" src=\".").nth(1);
    let Some(file) = file.and_then(|rest| rest.split('"').next()) else {
        let is_ours = page.contains("<title>Bolao");
        return Ok((!is_ours).then(|| "its page is another program's".to_owned()));
    };
    client.bytes(file, MOST.1).await?;
    Ok(None)
}
