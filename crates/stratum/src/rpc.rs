//! Lines of JSON-RPC, as Stratum uses it.
//!
//! On receiving a line: it is an object with a `method` (a request) or without (an answer, which
//! nobody asked for). Its `id` is null, a number or a short string. `serde_json` stops at 128
//! levels of nesting, and a line has a greatest length, so that no line costs much.

use serde_json::{Value, json};

use crate::reject::Reject;

/// The longest `id` that is sent back.
const MAX_ID_BYTES: usize = 64;

/// A line that a miner sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Line {
    Request(Request),
    /// An answer to nothing: ignored.
    Answer,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) id: Value,
    pub(crate) method: String,
    pub(crate) params: Vec<Value>,
}

/// Why a line is no request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineError {
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("no JSON-RPC object")]
    Shape,
    #[error("the method is no text")]
    Method,
    #[error("the id is neither a number nor a string of at most {MAX_ID_BYTES} bytes")]
    Id,
    #[error("params is no list")]
    Params,
}

/// Reads a line.
pub(crate) fn parse(line: &str) -> Result<Line, LineError> {
    let Value::Object(mut object) = serde_json::from_str(line)? else {
        return Err(LineError::Shape);
    };
    let mut take = |name| object.get_mut(name).map(Value::take).unwrap_or_default();
    let (id, method, params) = (take("id"), take("method"), take("params"));
    let id_fits = match &id {
        Value::Null | Value::Number(_) => true,
        Value::String(id) => id.len() <= MAX_ID_BYTES,
        _ => false,
    };
    if !id_fits {
        return Err(LineError::Id);
    }
    let method = match method {
        Value::Null => return Ok(Line::Answer),
        Value::String(method) => method,
        _ => return Err(LineError::Method),
    };
    let params = match params {
        Value::Null => Vec::new(),
        Value::Array(params) => params,
        _ => return Err(LineError::Params),
    };
    Ok(Line::Request(Request { id, method, params }))
}

/// The answer to a request.
pub(crate) fn answer(id: &Value, result: Result<Value, Reject>) -> String {
    let (result, error) = match result {
        Ok(result) => (result, Value::Null),
        Err(reject) => (Value::Null, reject.to_json()),
    };
    json!({ "id": id, "result": result, "error": error }).to_string()
}

/// A message that nobody asked for.
pub(crate) fn notification(method: &str, params: &Value) -> String {
    json!({ "id": null, "method": method, "params": params }).to_string()
}

#[cfg(test)]
mod tests;
