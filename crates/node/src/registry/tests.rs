#![allow(clippy::unwrap_used)]

use super::*;

fn registry() -> (tempfile::TempDir, Registry) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let registry = Registry::open(home, "http://localhost:9000".into(), 9000).unwrap();
    (dir, registry)
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

#[test]
fn a_node_is_registered_once_and_remembered() {
    let (dir, registry) = registry();
    for _ in 0..2 {
        let added = registry.add(&url("http://localhost:9001/")).unwrap();
        assert_eq!(added.as_deref(), Some("http://localhost:9001"));
    }
    assert_eq!(registry.list(), ["http://localhost:9001"]);
    let home = Home::open(dir.path()).unwrap();
    let again = Registry::open(home, "http://localhost:9000".into(), 9000).unwrap();
    assert_eq!(again.list(), ["http://localhost:9001"]);
    registry.remove("http://localhost:9001");
    assert!(registry.list().is_empty());
}

#[test]
fn a_node_does_not_register_itself() {
    let (_dir, registry) = registry();
    for own in [
        "http://localhost:9000",
        "http://127.0.0.1:9000",
        "http://[::1]:9000",
    ] {
        assert_eq!(registry.add(&url(own)).unwrap(), None, "{own}");
    }
    assert!(registry.list().is_empty());
}

#[test]
fn only_plain_node_urls_are_taken() {
    let (_dir, registry) = registry();
    for bad in [
        "https://localhost:9001",
        "ftp://localhost:9001",
        "file:///etc/passwd",
        "http://localhost:9001/admin",
        "http://localhost:9001/?q=1",
        "http://user@localhost:9001/",
        "http://localhost:0/",
    ] {
        assert!(registry.add(&url(bad)).is_err(), "{bad}");
    }
    assert!(registry.list().is_empty());
}

#[test]
fn the_list_is_bounded() {
    let (_dir, registry) = registry();
    for port in 0..u16::try_from(MAX_REGISTERED).unwrap() {
        let new = url(&format!("http://localhost:{}", 10_000 + port));
        registry.add(&new).unwrap();
    }
    let full = registry.add(&url("http://localhost:9999"));
    assert_eq!(
        full,
        Err(RegisterError::Full {
            limit: MAX_REGISTERED
        })
    );
}
