//! Which program this is.

use std::sync::LazyLock;

/// The version and, where the build was told it (`make build` tells), the commit, with `-dirty` where files differed from it.
pub(crate) static VERSION: LazyLock<String> =
    LazyLock::new(|| named(env!("CARGO_PKG_VERSION"), option_env!("BOLAO_COMMIT")));

fn named(version: &str, commit: Option<&str>) -> String {
    match commit {
        Some(commit) if !commit.is_empty() => format!("{version} ({commit})"),
        _ => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_commit_is_named_where_it_is_known() {
        assert_eq!(named("1.2.3", None), "1.2.3");
        assert_eq!(named("1.2.3", Some("")), "1.2.3");
        let changed = named("1.2.3", Some("0123456789ab-dirty"));
        assert_eq!(changed, "1.2.3 (0123456789ab-dirty)");
    }
}
