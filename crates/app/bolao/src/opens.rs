//! Who can open a node's page, in a line.

use bolao_api::body::Reach;

use crate::view::Link;

/// The line, with the next step where too few can.
pub(crate) fn line(link: &Link) -> String {
    let url = &link.url;
    match (&link.trouble, link.certificate_until) {
        (Some(trouble), None) => return format!("{url} does not open yet: {trouble}"),
        (Some(trouble), Some(_)) => return format!("{url}: {trouble}"),
        (None, _) => {}
    }
    match link.reach {
        Reach::Everywhere => format!("{url} opens everywhere."),
        Reach::ByRelay => format!("{url} opens everywhere, through the relay."),
        Reach::Lan => {
            format!(
                "{url} opens in this network only, and is not encrypted: --relay TOKEN (a friend's relay) or --domain NAME (a server) makes a link that opens everywhere, with https://."
            )
        }
        Reach::ThisMachine => {
            format!(
                "{url} opens on this machine only: `bolao run -i ADDRESS` (this machine's) opens it to your network, \
                --relay TOKEN or --domain NAME to everyone."
            )
        }
        Reach::Unknown => {
            format!(
                "{url} has not been tried from elsewhere yet: open it on a phone without Wi-Fi."
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In another network the address is another machine, whose page could read the keys of this one's players.
    #[test]
    fn an_address_of_a_network_is_said_not_to_be_encrypted() {
        let link = Link {
            url: "http://192.168.1.20:9000".to_owned(),
            reach: Reach::Lan,
            node: None,
            certificate_until: None,
            trouble: None,
        };
        let said = line(&link);
        assert!(
            said.contains("in this network only, and is not encrypted"),
            "{said}"
        );
        assert!(said.contains("https://"), "{said}");
    }
}
