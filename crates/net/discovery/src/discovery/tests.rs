#![allow(clippy::unwrap_used)]

use super::*;

fn allowed(node: impl Fn(u8) -> String, caller: impl Fn(u8) -> String) -> usize {
    let discovery = Discovery::open(DiscoveryConfig::new(None)).unwrap();
    (1..=200)
        .filter(|i| {
            let node = node(*i).parse().unwrap();
            discovery.may_check(&node, Some(caller(*i).parse().unwrap()))
        })
        .count()
}

#[test]
fn checks_are_counted_per_caller_per_address_and_per_node() {
    let other = |i| format!("9.9.9.{i}:1");
    let other_caller = |i| format!("8.8.8.{i}");
    assert_eq!(allowed(other, other_caller), 200);
    assert_eq!(allowed(other, |_| "8.8.8.8".to_owned()), 16);
    assert_eq!(allowed(other, |i| format!("2a00::{i}")), 16, "one /64");
    assert_eq!(allowed(|i| format!("9.9.9.9:{i}"), other_caller), 16);
    assert_eq!(allowed(|_| "9.9.9.9:1".to_owned(), other_caller), 2);
    let here = |_| "127.0.0.1".to_owned();
    assert_eq!(allowed(|i| format!("127.0.0.1:{i}"), here), 200);
    assert_eq!(allowed(|i| format!("9.9.9.9:{i}"), here), 16);
}
