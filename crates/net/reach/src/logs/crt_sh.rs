//! The form of crt.sh: a list of certificates by number.

use serde::Deserialize;

use super::names::Covers;

/// A row of the list, as far as it is read: it says no key.
#[derive(Deserialize)]
struct Row {
    id: u64,
    /// Names of the certificate that fit what was asked, in lines.
    #[serde(default)]
    name_value: Option<String>,
    #[serde(default)]
    common_name: Option<String>,
}

impl Row {
    fn is_for(&self, host: &str) -> bool {
        let names = [&self.name_value, &self.common_name];
        let mut names = names.into_iter().flatten().flat_map(|it| it.lines());
        names.any(|name| Covers::of(name, host).is_some())
    }
}

/// The address of a name's certificates: those that are still good, each once, by a part of the name, since only that is compared
/// whatever the case of letters.
pub(super) fn asked(name: &str) -> [(&'static str, &str); 5] {
    [
        ("q", name),
        ("output", "json"),
        ("exclude", "expired"),
        ("deduplicate", "Y"),
        ("match", "ILIKE"),
    ]
}

/// The numbers of the certificates in a list that are for a host.
pub(super) fn numbers(text: &[u8], host: &str) -> Result<Vec<u64>, serde_json::Error> {
    let rows: Vec<Row> = serde_json::from_slice(text)?;
    let rows = rows.iter().filter(|row| row.is_for(host));
    Ok(rows.map(|row| row.id).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_list_has_the_numbers_of_a_hosts_certificates() {
        let list = br#"[
            {"issuer_ca_id":295810,"issuer_name":"C=US, O=Let's Encrypt, CN=E7","common_name":"ana.relay.bolao.dev",
             "name_value":"ana.relay.bolao.dev","id":21345678901,"entry_timestamp":"2026-06-11T09:58:10.2",
             "not_before":"2026-06-11T08:59:39","not_after":"2026-09-09T08:59:38","serial_number":"05a1","result_count":2},
            {"id":2,"common_name":null,"name_value":"relay.bolao.dev\n*.relay.bolao.dev"},
            {"id":3,"name_value":"bruno.relay.bolao.dev"},
            {"id":4,"name_value":null},
            {"id":5,"common_name":"ANA.relay.bolao.dev"}
        ]"#;
        let found = numbers(list, "ana.relay.bolao.dev").unwrap();
        assert_eq!(found, [21_345_678_901, 2, 5]);
        assert!(numbers(b"[]", "ana.relay.bolao.dev").unwrap().is_empty());
        for garbage in [
            &b""[..],
            b"<html>502 Bad Gateway</html>",
            b"{}",
            b"[{}]",
            b"[{\"id\":-1}]",
            b"null",
            b"[",
        ] {
            assert!(numbers(garbage, "ana.relay.bolao.dev").is_err());
        }
        let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        assert!(numbers(&deep, "ana.relay.bolao.dev").is_err());
    }
}
