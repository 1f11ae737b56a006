//! A pool whose link works anywhere.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    pebble::{Pebble, port},
    support::{Daemon, TIMEOUT, bolao, done, eventually, free_port, new_pool, run_node, temp},
};

const CUP: &str = r#"{"name": "Cup", "matches": [
    {"round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;

/// The flags of a node with a site at `localhost`, whose certificates come from an authority of the test.
fn site(dir: &Path, https: u16, http: u16, pebble: &Pebble) -> Vec<String> {
    let roots = dir.join("authority.pem");
    fs::write(&roots, pebble.authority.roots.as_ref().unwrap()).unwrap();
    vec![
        "--domain".to_owned(),
        format!("localhost:{https}"),
        "--http-port".to_owned(),
        http.to_string(),
        "--acme".to_owned(),
        pebble.authority.url.clone(),
        "--acme-ca".to_owned(),
        roots.display().to_string(),
    ]
}

async fn certified(node: &Daemon) -> Value {
    eventually("the certificate", TIMEOUT, async || {
        let link = node.status().await["link"].clone();
        link["certificate_until"].is_string().then_some(link)
    })
    .await
}

#[tokio::test]
async fn a_link_of_https_lets_friends_in() {
    let dir = temp();
    new_pool(dir.path(), CUP, &["--membership", "invite"]);
    let (https, http) = (port(), port());
    let pebble = Pebble::start(https, http, 3600).await;
    let home = dir.path().join("mary");
    let flags = site(dir.path(), https, http, &pebble);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let node = run_node(&home, &flags).await;
    let link = certified(&node).await;
    assert_eq!(link["url"], format!("https://localhost:{https}"));

    let home = home.display().to_string();
    let invited = done(["--home", &home, "invite"]);
    let link = invited.trim();
    let wanted = format!("https://localhost:{https}/join#");
    assert!(link.starts_with(&wanted), "{link}");
    let friend = dir.path().join("friend");
    let join = |root: &Path| {
        let mut join = bolao();
        join.arg("--home").arg(&friend);
        join.args(["join", link, "--name", "bruno"]);
        join.env("SSL_CERT_FILE", root).output().unwrap()
    };
    let refused = String::from_utf8(join(&dir.path().join("authority.pem")).stderr).unwrap();
    assert!(refused.contains("its certificate is of"), "{refused}");
    let root = dir.path().join("root.pem");
    fs::write(&root, pebble.root().await.unwrap()).unwrap();
    let joined = join(&root);
    let told = String::from_utf8(joined.stderr).unwrap();
    assert!(joined.status.success(), "{told}");

    // His node finds hers at the port of nodes, and she lets him in.
    let his = run_node(&friend, &[]).await;
    eventually("that he is in", TIMEOUT, async || {
        his.log()
            .contains("You are in the pool as bruno.")
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_first_run_is_on_the_web_too() {
    let dir = temp();
    let (https, http) = (port(), port());
    let pebble = Pebble::start(https, http, 3600).await;
    let own = free_port();
    let (number, home) = (own.number().to_string(), dir.path().join("home"));
    let args = [
        "--home",
        &home.display().to_string(),
        "start",
        "--no-browser",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(["-p".to_owned(), number])
    .chain(site(dir.path(), https, http, &pebble));
    let first = Daemon::begin(args.collect(), own, dir.path().join("log"));
    let address = format!("https://localhost:{https}/start#");
    let code = eventually("the page's address", TIMEOUT, async || {
        let log = first.log();
        let line = log.lines().find_map(|line| line.strip_prefix(&address))?;
        Some(line.to_owned())
    })
    .await;
    let root = reqwest::Certificate::from_pem(&pebble.root().await.unwrap()).unwrap();
    let browser = reqwest::Client::builder()
        .tls_certs_only([root])
        .build()
        .unwrap();
    let asked = |host: &str| {
        let begin = browser.post(format!("https://localhost:{https}/api/start/begin"));
        let begin = begin.header("host", host).bearer_auth(&code);
        begin.header("origin", format!("https://{host}")).send()
    };
    let stranger = asked("evil.example").await.unwrap();
    assert_eq!(stranger.status(), 421);
    let begun = asked(&format!("localhost:{https}")).await.unwrap();
    let begun: Value = begun.error_for_status().unwrap().json().await.unwrap();
    assert_eq!(begun["url"], format!("https://localhost:{https}"));
}
