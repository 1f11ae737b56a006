//! A system's clock that is not the real one: Debian's `faketime` shows it to the program. Without it these tests are left out.

use std::{fs, path::PathBuf};

use serde_json::json;

use super::{joined, new_pool};
use crate::support::{TIMEOUT, eventually, free_port, run_node, temp};

/// The library that `faketime` loads before a program's own.
fn library() -> Option<PathBuf> {
    let found = fs::read_dir("/usr/lib").ok()?.flatten();
    let mut found = found.map(|dir| dir.path().join("faketime/libfaketime.so.1"));
    found.find(|library| library.exists())
}

/// It waits for nobody's answer longer than it should, although all clocks of the system run ahead.
#[tokio::test(flavor = "multi_thread")]
async fn a_validator_whose_clocks_are_ahead_waits_no_longer_than_others() {
    let Some(library) = library() else {
        println!("LEFT OUT: libfaketime is not installed (apt install faketime)");
        return;
    };
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let before = host.height().await.unwrap();
    host.kill();
    // It knows somebody who does not answer, so it listens before it votes. Every deadline has passed.
    let nobody = free_port();
    let nodes = json!([{ "ip_address": "127.0.0.1", "port": nobody.number() }]);
    fs::write(ana.join("nodes.json"), nodes.to_string()).unwrap();
    host.spawn_with(&[
        ("LD_PRELOAD", &library.display().to_string()),
        ("FAKETIME", "+400d"),
    ]);
    host.wait().await;
    eventually("a block that time alone asks for", TIMEOUT, async || {
        (host.height().await? > before).then_some(())
    })
    .await;
}
