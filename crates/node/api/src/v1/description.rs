//! What the description of the API says of all routes alike.

mod plain;

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{Number, OpenApi, openapi};

use bolao_answers::page::{LIMIT_DEFAULT, LIMIT_MAX};

/// The description, but for the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bolao",
        description = "A node of a football betting pool on a small blockchain. Hashes are 64 \
                       hexadecimal digits in Bitcoin's byte order, amounts are integers, times \
                       are RFC 3339 in UTC. Lists hand out an opaque `next_cursor`, and none on \
                       the last page; a page may be shorter than `limit` although more follows. \
                       Answers about the chain carry an ETag. Errors are problem details (RFC \
                       9457). What a transaction holds and how it is signed is in the project's \
                       docs/PROTOCOL.md, with an example; examples/python is a client.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "../..", description = "The node that this comes from")),
    components(schemas(bolao_discovery::Problem, bolao_ledger::said::Predicted)),
    modifiers(&Token),
    tags(
        (name = "node", description = "This node"),
        (name = "pool", description = "Rules, matches, players, bets, standings"),
        (name = "chain", description = "Blocks and transactions"),
        (name = "mining", description = "Work for miners"),
    )
)]
pub(super) struct Description;

/// The bearer token of the node's own user.
struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, description: &mut openapi::OpenApi) {
        use openapi::security::{Http, HttpAuthScheme, SecurityScheme};
        if let Some(components) = description.components.as_mut() {
            let mut bearer = Http::new(HttpAuthScheme::Bearer);
            bearer.description =
                Some("The token in the file `token` of the node's home directory".to_owned());
            components.add_security_scheme("token", SecurityScheme::Http(bearer));
        }
    }
}

/// Examples of what stands in paths and queries, by the parameters' names.
const EXAMPLES: [(&str, &str); 8] = [
    (
        "account",
        "bolao132yw8ht5p8cetl2jmvknewjawt9xwzdlrk2pyxlnwjyqrdq0dawq2q74m3",
    ),
    ("block", "1"),
    ("code", "PtCh"),
    (
        "id",
        "a4dd8e6266d9c8cced29685a16f62a4920d6cc032ed19cb6bcd10362a9ca0ac2",
    ),
    ("match", "PtCh"),
    ("player", "ana"),
    ("stage", "Semi-finals"),
    (
        "ticket",
        "bolao132yw8ht5p8cetl2jmvknewjawt9xwzdlrk2pyxlnwjyqrdq0dawq2q74m3",
    ),
];

/// A request, and what a node answered.
#[derive(Deserialize)]
struct Asked {
    request: String,
    answer: Value,
}

/// By method, path and status. A test asks for each of them again.
fn asked() -> BTreeMap<String, Asked> {
    serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
}

/// Adds what every route may answer, what every list bounds, and examples, and says all of it as generators of clients want it.
pub(super) fn described(mut description: openapi::OpenApi) -> openapi::OpenApi {
    let named = { description.components.as_ref() }.map(|it| it.schemas.clone());
    let named = named.unwrap_or_default();
    let problem = openapi::Content::new(Some(openapi::Ref::from_schema_name("Problem")));
    let mut any = openapi::Response::new("Why it was refused, or failed");
    any.content
        .insert("application/problem+json".to_owned(), problem.into());
    let mut asked = asked();
    for (route, path) in &mut description.paths.paths {
        let methods = [
            ("get", &mut path.get),
            ("post", &mut path.post),
            ("delete", &mut path.delete),
        ];
        let methods = methods.into_iter();
        for (method, operation) in methods.filter_map(|(name, it)| Some((name, it.as_mut()?))) {
            let responses = &mut operation.responses.responses;
            for (status, response) in responses.iter_mut() {
                let openapi::RefOr::T(response) = response else {
                    continue;
                };
                let asked = asked.remove(&format!("{method} {route} {status}"));
                show(response, asked.as_ref(), &named);
                if response.description.is_empty() {
                    let status = status.parse::<StatusCode>().ok();
                    let title = status.and_then(|it| it.canonical_reason());
                    response.description = title.unwrap_or("An answer").into();
                }
            }
            responses.insert("default".to_owned(), any.clone().into());
            for parameter in operation.parameters.iter_mut().flatten() {
                if let openapi::RefOr::T(parameter) = parameter {
                    tell(parameter);
                }
            }
        }
    }
    for schema in { description.components.iter_mut() }.flat_map(|it| it.schemas.values_mut()) {
        plain::visit(schema, &named);
    }
    if let Some(components) = &mut description.components {
        components.schemas.retain(|name, _| !plain::is_bare(name));
        plain::name_variants(&mut components.schemas);
        for several in ["EventBody", "PoolAnswer", "StatusAnswer"] {
            if let Some(schema) = components.schemas.get_mut(several) {
                plain::any(schema);
            }
        }
    }
    description
}

fn show(response: &mut openapi::Response, asked: Option<&Asked>, named: &plain::Named) {
    for content in response.content.values_mut() {
        let openapi::RefOr::T(content) = content else {
            continue;
        };
        if let Some(schema) = &mut content.schema {
            plain::visit(schema, named);
        }
        if let Some(asked) = asked {
            let mut example = openapi::example::Example::new();
            example.summary.clone_from(&asked.request);
            example.value = Some(asked.answer.clone());
            content.examples.insert("answer".to_owned(), example.into());
        }
    }
}

/// Says the bounds of a parameter, or gives an example of it.
fn tell(parameter: &mut openapi::path::Parameter) {
    let Some(openapi::RefOr::T(openapi::Schema::Object(schema))) = &mut parameter.schema else {
        return;
    };
    if parameter.name == "limit" {
        schema.minimum = Some(Number::UInt(1));
        schema.maximum = Some(Number::UInt(LIMIT_MAX.into()));
        schema.default = Some(LIMIT_DEFAULT.into());
    }
    plain::tell(&parameter.name, schema);
    let mut examples = EXAMPLES.iter();
    if let Some((_, example)) = examples.find(|(name, _)| *name == parameter.name) {
        schema.example = Some((*example).into());
    }
}
