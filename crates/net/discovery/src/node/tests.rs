#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn parse(json: &str) -> Result<Node, serde_json::Error> {
    serde_json::from_str(json)
}

#[test]
fn json_is_the_articles() {
    let text = r#"{"ip_address":"127.0.0.1","port":55000}"#;
    let node = parse(text).unwrap();
    assert_eq!(node.to_string(), "127.0.0.1:55000");
    assert_eq!(node.url(), "http://127.0.0.1:55000");
    assert_eq!(serde_json::to_string(&node).unwrap(), text);
}

#[test]
fn one_node_has_one_spelling() {
    let node = parse(r#"{"ip_address":"127.0.0.1","port":55000}"#).unwrap();
    for same in [
        r#"{"port":55000,"ip_address":"::ffff:127.0.0.1"}"#,
        r#"{"port":55000,"ip_address":"::ffff:7f00:1"}"#,
        r#"{"ip_address":"localhost","port":55000}"#,
    ] {
        assert_eq!(parse(same).unwrap(), node, "{same}");
    }
    assert_eq!("localhost:55000".parse::<Node>().unwrap(), node);
    assert_eq!("[::ffff:127.0.0.1]:55000".parse::<Node>().unwrap(), node);
}

#[test]
fn anything_else_is_no_node() {
    for bad in [
        "",
        "{}",
        "null",
        "7",
        "[]",
        r#"["127.0.0.1",55000]"#,
        r#"[{"ip_address":"127.0.0.1","port":55000}]"#,
        r#"{"ip_address":"127.0.0.1"}"#,
        r#"{"port":55000}"#,
        r#"{"ip_address":"127.0.0.1","port":"55000"}"#,
        r#"{"ip_address":"127.0.0.1","port":0}"#,
        r#"{"ip_address":"127.0.0.1","port":-1}"#,
        r#"{"ip_address":"127.0.0.1","port":65536}"#,
        r#"{"ip_address":"127.0.0.1","port":5.5}"#,
        r#"{"ip_address":"127.0.0.1","port":true}"#,
        r#"{"ip_address":"127.0.0.1","port":55000,"more":1}"#,
        r#"{"ip_address":"127.0.0.1","port":55000,"port":55001}"#,
        r#"{"ip_address":"example.org","port":55000}"#,
        r#"{"ip_address":"127.0.0.1/admin?x=","port":55000}"#,
        r#"{"ip_address":"127.1","port":55000}"#,
        r#"{"ip_address":"","port":55000}"#,
        r#"{"ip_address":2130706433,"port":55000}"#,
        r#"{"ip_address":"127.0.0.1","port":55000} trailing"#,
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn unusable_addresses_are_no_node() {
    for ip in [
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::ffff:0.0.0.0",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "fe80::1",
        "ff02::1",
    ] {
        let error = Node::new(ip.parse().unwrap(), 80).unwrap_err();
        assert!(matches!(error, NodeError::Unusable(..)), "{ip}: {error}");
    }
}

#[test]
fn scopes() {
    for (ip, scope) in [
        ("127.0.0.1", Scope::Loopback),
        ("127.9.9.9", Scope::Loopback),
        ("::1", Scope::Loopback),
        ("::ffff:127.0.0.1", Scope::Loopback),
        ("10.0.0.1", Scope::Private),
        ("172.16.0.1", Scope::Private),
        ("192.168.1.5", Scope::Private),
        ("100.64.0.1", Scope::Private),
        ("100.128.0.1", Scope::Global),
        ("fd00::1", Scope::Private),
        ("8.8.8.8", Scope::Global),
        ("2a00::1", Scope::Global),
    ] {
        assert_eq!(Scope::of(ip.parse().unwrap()), scope, "{ip}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(ip: IpAddr, port: u16) {
        if let Ok(node) = Node::new(ip, port) {
            prop_assert_eq!(parse(&serde_json::to_string(&node).unwrap()).unwrap(), node);
            prop_assert_eq!(node.to_string().parse::<Node>().unwrap(), node);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text: String) {
        let _ = parse(&text);
        let _ = text.parse::<Node>();
    }
}
