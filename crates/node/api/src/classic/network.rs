//! Mining, asking the peers, registering nodes.

use axum::{extract::State, response::Response};
use serde_json::Value;
use url::Url;

use super::{
    fields::{Fields, Spellings},
    text,
};
use crate::{
    NodeError,
    extract::Body,
    problem::Problem,
    state::{Api, wait_for_place},
};

const NODE_EXAMPLE: &str = r#"{"newnodeurl":"http://localhost:9001"}"#;
const NODE: Spellings = &["newnodeurl", "new_node_url"];
const NODES: Spellings = &["all_network_nodes", "allnetworknodes"];
const NODES_EXAMPLE: &str = r#"{"all_network_nodes":["http://localhost:9001"]}"#;
/// Nodes in one bulk registration.
const NODES_MAX: usize = 256;

/// `GET /mine`.
pub(crate) async fn mine(State(api): State<Api>) -> Result<Response, Problem> {
    let _place = wait_for_place(&api.slow_calls).await?;
    api.backend.mine().await?;
    Ok(text("New block mined and broadcast successfully."))
}

/// `GET /consensus`.
pub(crate) async fn consensus(State(api): State<Api>) -> Result<Response, Problem> {
    let _place = wait_for_place(&api.slow_calls).await?;
    Ok(text(if api.backend.consensus().await? {
        "This chain has been replaced."
    } else {
        "Current chain has not been replaced."
    }))
}

/// `POST /register-node`.
pub(crate) async fn register_node(
    State(api): State<Api>,
    Body(body): Body,
) -> Result<Response, Problem> {
    register(&api, &body, false).await
}

/// `POST /register-and-broadcast-node`.
pub(crate) async fn register_and_broadcast_node(
    State(api): State<Api>,
    Body(body): Body,
) -> Result<Response, Problem> {
    register(&api, &body, true).await
}

async fn register(api: &Api, body: &[u8], spread: bool) -> Result<Response, Problem> {
    let fields = Fields::read(body, &[NODE], NODE_EXAMPLE)?;
    let url = node_url(fields.text(NODE)?)?;
    let _place = wait_for_place(&api.slow_calls).await?;
    api.backend.register_node(url, spread).await?;
    Ok(text("New node registered successfully successfully."))
}

/// `POST /register-nodes-bulk`.
pub(crate) async fn register_nodes_bulk(
    State(api): State<Api>,
    Body(body): Body,
) -> Result<Response, Problem> {
    let fields = Fields::read(&body, &[NODES], NODES_EXAMPLE)?;
    let urls = fields
        .list(NODES, NODES_MAX)?
        .iter()
        .map(|value| match value {
            Value::String(url) => node_url(url),
            _ => Err(Problem::bad_request(format!(
                "`all_network_nodes`: wanted only texts, such as {NODES_EXAMPLE}"
            ))),
        })
        .collect::<Result<Vec<Url>, Problem>>()?;
    let _place = wait_for_place(&api.slow_calls).await?;
    api.backend.register_nodes(urls).await?;
    Ok(text("Bulk registration successful."))
}

fn node_url(text: &str) -> Result<Url, Problem> {
    let unusable = |reason: String| NodeError::UnusableUrl {
        url: super::fields::cut(text),
        reason,
    };
    let url = Url::parse(text.trim()).map_err(|error| unusable(error.to_string()))?;
    if url.scheme() != "http" || url.host().is_none() {
        return Err(unusable("it does not begin with http:// and a host".to_owned()).into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable("it holds a user name".to_owned()).into());
    }
    Ok(url)
}
