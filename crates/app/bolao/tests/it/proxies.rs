//! A node behind the proxies of OPERATING.md, set up by its very lines.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use futures::StreamExt as _;
use reqwest::{Client, Method};

use crate::{
    ports::port,
    support::{TIMEOUT, done, eventually, new_pool, run_node, temp},
};

const OPERATING: &str = include_str!("../../../../../docs/OPERATING.md");
const CUP: &str = r#"{"name": "Cup", "matches": [
    {"round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;
/// The name that the pages have there.
const NAME: &str = "pool.example.org";

/// A proxy's process, ended with the test.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The block that begins like this, for a node at another port.
fn block(begin: &str, node: &str) -> String {
    let at = OPERATING.find(begin).expect(begin);
    let block = OPERATING[at..].split("\n```").next().unwrap();
    block.replace("127.0.0.1:9000", node)
}

/// Without a certificate, of which the name's real owner alone has one.
fn caddy(dir: &Path, node: &str, port: u16) -> Proxy {
    let site = block("pool.example.org {", node);
    let site = site.replace(NAME, &format!("http://{NAME}:{port}"));
    let file = dir.join("Caddyfile");
    fs::write(&file, format!("{{\n admin off\n}}\n{site}\n")).unwrap();
    let mut caddy = Command::new("caddy");
    caddy.args(["run", "--config"]).arg(file);
    begin(caddy.env("HOME", dir), "caddy")
}

fn nginx(dir: &Path, node: &str, port: u16) -> Proxy {
    let place = block("location / {", node);
    let at = dir.display();
    let temps = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|it| format!("{it}_temp_path {at}/{it};"))
        .concat();
    let config = format!(
        "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log;\nevents {{}}\nhttp {{ access_log off; {temps}\n\
         server {{ listen 127.0.0.1:{port}; server_name {NAME};\n{place}\n}} }}\n"
    );
    let file = dir.join("nginx.conf");
    fs::write(&file, config).unwrap();
    let mut nginx = Command::new("nginx");
    begin(nginx.arg("-c").arg(file), "nginx")
}

fn begin(command: &mut Command, package: &str) -> Proxy {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let started = command.spawn();
    Proxy(started.unwrap_or_else(|error| panic!("this test wants Debian's {package}: {error}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_behind_a_proxy_are_strangers() {
    let dir = temp();
    new_pool(dir.path(), CUP, &["--membership", "invite"]);
    let home = dir.path().join("mary");
    let flags = [
        "--classic",
        "--url",
        "https://pool.example.org",
        "--proxy",
        "127.0.0.1",
    ];
    let node = run_node(&home, &flags).await;
    let place = node.url().replace("http://", "");
    for (start, name) in [
        (caddy as fn(&Path, &str, u16) -> Proxy, "caddy"),
        (nginx, "nginx"),
    ] {
        let at = port();
        let of_proxy = dir.path().join(name);
        fs::create_dir(&of_proxy).unwrap();
        let _proxy = start(&of_proxy, &place, at);
        let resolved = ([127, 0, 0, 1], at).into();
        let phone = Client::builder().resolve(NAME, resolved).build().unwrap();
        let base = format!("http://{NAME}:{at}");
        let page = eventually("the page", TIMEOUT, async || {
            let asked = phone.get(&base).header("accept", "text/html").send().await;
            asked.ok().filter(|it| it.status() == 200)
        })
        .await;
        assert!(page.text().await.unwrap().contains("<html"), "{name}");

        // Whoever comes from elsewhere gets no classic route, and gives no inner address.
        let far = "9.9.9.9";
        for (method, path, body) in [
            (
                Method::POST,
                "/bet",
                r#"{"playername":"John","matchid":"NlEn","teamonescore":1,"teamtwoscore":2}"#,
            ),
            (
                Method::POST,
                "/",
                r#"{"ip_address":"192.168.1.1","port":80}"#,
            ),
        ] {
            let asked = phone
                .request(method.clone(), format!("{base}{path}"))
                .body(body);
            let asked = asked.header("content-type", "application/json");
            let answer = asked.header("x-forwarded-for", far).send().await.unwrap();
            let status = answer.status();
            assert!(
                status.is_client_error(),
                "{name}: {method} {path}: {status}"
            );
        }

        // Events come as they happen.
        let stream = phone
            .get(format!("{base}/api/v1/events"))
            .send()
            .await
            .unwrap();
        let mut events = stream.bytes_stream();
        events.next().await.unwrap().unwrap();
        let home = home.display().to_string();
        let score = if name == "caddy" { "2-1" } else { "3-1" };
        let start = Instant::now();
        done(["--home", &home, "bet", "1", score]);
        let sent = start.elapsed();
        events.next().await.unwrap().unwrap();
        let took = start.elapsed();
        assert!(took < sent + Duration::from_secs(1), "{name}: {took:?}");
    }
}
