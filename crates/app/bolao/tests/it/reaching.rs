//! A pool whose link works anywhere.

use std::{
    fs,
    path::Path,
    process::{Child, Command},
};

use serde_json::Value;

use crate::{
    pebble::Pebble,
    ports::port,
    support::{
        Daemon, Http, TIMEOUT, bolao, done, eventually, free_port, new_pool, run_node, temp,
    },
};

pub(crate) const CUP: &str = r#"{"name": "Cup", "matches": [
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
    // Over HTTP/2 the host is the one of the URL, whatever the header says.
    let browser = reqwest::Client::builder()
        .tls_certs_only([root])
        .http1_only()
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

/// Names for this machine, in a view of the files that the test alone has.
const NAMES: &str = "127.0.0.1 localhost relay.test ana.relay.test";

#[test]
fn a_relay_makes_a_link_for_a_home_behind_a_router() {
    with_names("reaching::a_relay_and_a_home_with_names");
}

/// Runs an ignored test of this program where names of a relay and of a home lead to this machine.
pub(crate) fn with_names(test: &str) {
    let dir = temp();
    let names = dir.path().join("hosts");
    fs::write(&names, format!("{NAMES}\n")).unwrap();
    let mount = format!("mount --bind {} /etc/hosts && exec \"$@\"", names.display());
    let done = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            &mount,
            "sh",
        ])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture"])
        .arg(test)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{told}{errors}");
    assert!(told.contains("1 passed"), "{told}");
}

/// A relay's process, ended with the test.
struct Relay(Child);

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
#[ignore = "a child of the test before it, which gives it names"]
async fn a_relay_and_a_home_with_names() {
    let dir = temp();
    let (https, http, nodes) = (port(), port(), free_port());
    let pebble = Pebble::start(https, http, 3600).await;
    let root = dir.path().join("root.pem");
    fs::write(&root, pebble.root().await.unwrap()).unwrap();
    let authority = dir.path().join("authority.pem");
    fs::write(&authority, pebble.authority.roots.as_ref().unwrap()).unwrap();
    let authority = [
        "--acme",
        &pebble.authority.url,
        "--acme-ca",
        authority.to_str().unwrap(),
    ];
    let server = dir.path().join("relay");
    let relay = || {
        let mut relay = bolao();
        relay.arg("--home").arg(&server).arg("relay");
        relay
    };
    let running = || {
        let mut relay = relay();
        relay.args(["--domain", &format!("relay.test:{https}")]);
        relay.args(["--http-port", &http.to_string()]);
        relay.args(["--nodes", &nodes.number().to_string()]);
        relay.args(authority).stdout(std::process::Stdio::null());
        Relay(relay.spawn().unwrap())
    };
    let mut up = running();
    let token = eventually("the relay's name", TIMEOUT, async || {
        let added = relay().args(["add", "ana"]).output().unwrap();
        added
            .status
            .success()
            .then(|| String::from_utf8(added.stdout).unwrap())
    })
    .await;
    let twice = relay().args(["add", "ana"]).output().unwrap();
    assert!(!twice.status.success());

    new_pool(dir.path(), CUP, &["--membership", "invite"]);
    let home = dir.path().join("mary");
    let mut flags = vec!["--relay", token.trim()];
    flags.extend(authority);
    let node = {
        let own = free_port();
        let number = own.number().to_string();
        let home = home.display().to_string();
        let args = ["--home", &home, "run", "-i", "127.0.0.1", "-p", &number];
        let args = args.iter().chain(&flags).map(ToString::to_string);
        let mut node = Daemon::begin(args.collect(), own, dir.path().join("node.log"));
        node.kill();
        node.spawn_with(&[("SSL_CERT_FILE", root.to_str().unwrap())]);
        node.wait().await;
        node
    };
    let until = async |reach: &str| {
        eventually(reach, TIMEOUT, async || {
            let link = node.status().await["link"].clone();
            (link["reach"] == reach && link["trouble"].is_null()).then_some(link)
        })
        .await
    };
    let url = format!("https://ana.relay.test:{https}");
    assert_eq!(until("by_relay").await["url"], url.as_str());

    // A friend's node finds the home's through the relay, and knows no other way.
    let link = done([Path::new("--home"), &home, Path::new("invite")]);
    let friend = dir.path().join("friend");
    let mut join = bolao();
    join.arg("--home").arg(&friend);
    join.args(["join", link.trim(), "--name", "bruno"]);
    let joined = join.env("SSL_CERT_FILE", &root).output().unwrap();
    let told = String::from_utf8(joined.stderr).unwrap();
    assert!(joined.status.success(), "{told}");
    let his = run_node(&friend, &[]).await;
    eventually("that he is in", TIMEOUT, async || {
        his.log()
            .contains("You are in the pool as bruno.")
            .then_some(())
    })
    .await;
    let peers = async |of: &Daemon| {
        let http = Http::new(of.url());
        http.get("/api/v1/peers").await.json()["items"].clone()
    };
    let relayed = format!("127.0.0.1:{}", nodes.number());
    assert_eq!(peers(&his).await[0]["address"], relayed.as_str());
    let address = peers(&node).await[0]["address"].clone();
    let address = address.as_str().unwrap();
    assert!(address.starts_with("0.0.0.0:"), "{address}");

    let root = reqwest::Certificate::from_pem(&fs::read(&root).unwrap()).unwrap();
    let phone = reqwest::Client::builder()
        .tls_certs_only([root])
        .build()
        .unwrap();
    let read = async || {
        let asked = phone
            .get(format!("{url}/api/v1/status"))
            .send()
            .await
            .ok()?;
        asked.json::<Value>().await.ok()
    };
    assert_eq!(read().await.unwrap()["pool_name"], "Cup");

    // The relay dies, and comes back.
    up.0.kill().unwrap();
    up.0.wait().unwrap();
    let told = eventually("what is wrong", TIMEOUT, async || {
        let link = node.status().await["link"].clone();
        link["trouble"].as_str().map(str::to_owned)
    })
    .await;
    assert!(told.contains("relay"), "{told}");
    drop(up);
    let _up = running();
    eventually("the page by the relay", TIMEOUT, read).await;
    until("by_relay").await;
    eventually("the friend's node", TIMEOUT, async || {
        (peers(&his).await[0]["address"] == relayed.as_str()).then_some(())
    })
    .await;

    // Its owner takes the name back.
    let removed = relay().args(["remove", "ana"]).output().unwrap();
    assert!(removed.status.success());
    eventually("that nobody gets in", TIMEOUT, async || {
        read().await.is_none().then_some(())
    })
    .await;
}
