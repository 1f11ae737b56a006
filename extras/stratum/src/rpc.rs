//! Lines of JSON-RPC, as Stratum uses it.
//!
//! On receiving a line: it is an object with a `method` (a request) or without (an answer, which
//! nobody asked for). Its `id` is null, a number or a short string. `serde_json` stops at 128
//! levels of nesting, and a line has a greatest length, so that no line costs much.

use serde_json::{Value, json};

use crate::reject::Reject;

/// The longest `id` that is sent back.
const MAX_ID_BYTES: usize = 64;

/// A line that asks for something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) id: Value,
    pub(crate) method: String,
    pub(crate) params: Vec<Value>,
}

/// Reads a line; none where it is an answer to nothing. The error says why it is no request.
pub(crate) fn parse(line: &str) -> Result<Option<Request>, String> {
    let value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let Value::Object(mut object) = value else {
        return Err("no JSON-RPC object".into());
    };
    let mut take = |name| object.get_mut(name).map(Value::take).unwrap_or_default();
    let (id, method, params) = (take("id"), take("method"), take("params"));
    let id_fits = match &id {
        Value::Null | Value::Number(_) => true,
        Value::String(id) => id.len() <= MAX_ID_BYTES,
        _ => false,
    };
    if !id_fits {
        return Err(format!(
            "the id is neither a number nor a string of at most {MAX_ID_BYTES} bytes"
        ));
    }
    let method = match method {
        Value::Null => return Ok(None),
        Value::String(method) => method,
        _ => return Err("the method is no text".into()),
    };
    let params = match params {
        Value::Null => Vec::new(),
        Value::Array(params) => params,
        _ => return Err("params is no list".into()),
    };
    Ok(Some(Request { id, method, params }))
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
