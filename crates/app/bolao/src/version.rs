//! Which program this is.

/// What `scripts/version.sh program` told the build (`make build` asks it): the version with the commit; else that of Cargo.toml.
pub(crate) const VERSION: &str = match option_env!("BOLAO_VERSION") {
    Some(told) if !told.is_empty() => told,
    _ => env!("CARGO_PKG_VERSION"),
};
