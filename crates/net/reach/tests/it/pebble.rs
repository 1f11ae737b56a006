//! A certificate authority of one's own: Debian's pebble.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use bolao_reach::Authority;
use rcgen::{CertificateParams, KeyPair};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::ports::port;

/// An authority that runs; gone when dropped.
pub(crate) struct Pebble {
    child: Child,
    dir: TempDir,
    pub(crate) authority: Authority,
    management: String,
}

impl Pebble {
    /// One that looks at these ports of a site, and whose certificates are good for so many seconds.
    pub(crate) async fn start(https: u16, http: u16, good_s: u64) -> Self {
        Self::start_by(Command::new("pebble"), https, http, good_s).await
    }

    /// The same, by a command. Others may call it `authority.test`.
    pub(crate) async fn start_by(mut pebble: Command, https: u16, http: u16, good_s: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new(["localhost", "authority.test"].map(Into::into)).unwrap();
        let own = own.self_signed(&key).unwrap().pem();
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("cert.pem"), &own).unwrap();
        std::fs::write(path("key.pem"), key.serialize_pem()).unwrap();
        let (listens, manages) = (port(), port());
        let config = json!({ "pebble": {
            "listenAddress": format!("0.0.0.0:{listens}"),
            "managementListenAddress": format!("127.0.0.1:{manages}"),
            "certificate": path("cert.pem"),
            "privateKey": path("key.pem"),
            "httpPort": http,
            "tlsPort": https,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
            "certificateValidityPeriod": good_s,
        } });
        std::fs::write(path("config.json"), config.to_string()).unwrap();
        pebble.arg("-config").arg(path("config.json"));
        let child = spawn(pebble);
        let pebble = Self {
            child,
            dir,
            authority: Authority {
                url: format!("https://localhost:{listens}/dir"),
                roots: Some(own.into_bytes()),
            },
            management: format!("https://localhost:{manages}"),
        };
        while pebble.root().await.is_none() {
            sleep(Duration::from_millis(50)).await;
        }
        pebble
    }

    /// Starts it again: it keeps nothing, no account either.
    #[allow(dead_code, reason = "each test program uses its part of this file")]
    pub(crate) async fn restart(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut pebble = Command::new("pebble");
        pebble
            .arg("-config")
            .arg(self.dir.path().join("config.json"));
        self.child = spawn(pebble);
        while self.root().await.is_none() {
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The certificate that stands behind those that it issues, in PEM.
    pub(crate) async fn root(&self) -> Option<Vec<u8>> {
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .build()
            .unwrap();
        let asked = client.get(format!("{}/roots/0", self.management));
        let answer = asked.send().await.ok()?.error_for_status().ok()?;
        Some(answer.bytes().await.ok()?.to_vec())
    }
}

fn spawn(mut pebble: Command) -> Child {
    pebble
        .env("PEBBLE_VA_NOSLEEP", "1")
        .env("PEBBLE_AUTHZREUSE", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("this test wants Debian's pebble: apt-get install pebble")
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
