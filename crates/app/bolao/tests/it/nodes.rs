//! The node article's walk: a seed server, nodes that find one another, nodes that go.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{
    Daemon, FakeNode, Http, OPEN, TIMEOUT, done, eventually, run, run_node, run_seed, temp,
};

/// Three misses of a check a second, and room for a slow machine.
const PRUNED: Duration = Duration::from_secs(30);

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../data/openfootball/handwritten/unl-2018-19-finals.json")
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Homes of one pool, the first its organiser's.
fn pool(dir: &Path, names: &[&str]) -> Vec<PathBuf> {
    let homes: Vec<PathBuf> = names.iter().map(|name| dir.join(name)).collect();
    let genesis = text(&homes[0].join("genesis.json"));
    for (index, (home, name)) in homes.iter().zip(names).enumerate() {
        let (home, name) = (text(home), (*name).to_owned());
        let mut args = vec!["--home".to_owned(), home];
        if index == 0 {
            args.extend(["new", "Finals", "--fixtures"].map(str::to_owned));
            args.extend([text(&fixtures()), "--as".to_owned(), name]);
            args.extend(["--target", "fixed:12"].map(str::to_owned));
            args.extend(OPEN.map(str::to_owned));
        } else {
            args.extend([
                "join".to_owned(),
                genesis.clone(),
                "--name".to_owned(),
                name,
            ]);
        }
        done(args);
    }
    homes
}

fn sorted(list: &Value) -> Vec<String> {
    let mut nodes: Vec<String> = list
        .as_array()
        .unwrap()
        .iter()
        .map(Value::to_string)
        .collect();
    nodes.sort();
    nodes
}

async fn known(http: &Http) -> Vec<String> {
    sorted(&http.get("/nodes/").await.json())
}

/// Waits until a server lists exactly these nodes.
async fn lists(http: &Http, nodes: &[&Value], patience: Duration) {
    let wanted = sorted(&json!(nodes));
    let mut last = Vec::new();
    let found = async || {
        last = known(http).await;
        (last == wanted).then_some(())
    };
    let found = tokio::time::timeout(patience, eventually("the list", patience * 2, found)).await;
    assert!(found.is_ok(), "wanted {wanted:?}, got {last:?}");
}

fn seed_flag(seed: &Daemon) -> [String; 2] {
    [
        "--seed".to_owned(),
        format!("127.0.0.1:{}", seed.port.number()),
    ]
}

#[tokio::test]
async fn nodes_find_each_other_and_forget_the_dead() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana", "bruno", "carla"]);
    let seed_dir = dir.path().join("seed");
    fs::create_dir(&seed_dir).unwrap();
    let seed = run_seed(&seed_dir).await;
    let flag = seed_flag(&seed);
    let flags: Vec<&str> = flag.iter().map(String::as_str).collect();
    let a = run_node(&homes[0], &flags).await;
    let b = run_node(&homes[1], &flags).await;
    // The article's own spellings.
    let port = seed.port.number().to_string();
    let mut c = run_node(&homes[2], &["--dns_ip", "127.0.0.1", "--dns_port", &port]).await;
    let (na, nb, nc) = (a.node(), b.node(), c.node());

    lists(&seed.http, &[&na, &nb, &nc], TIMEOUT).await;
    lists(&a.http, &[&nb, &nc], TIMEOUT).await;
    lists(&b.http, &[&na, &nc], TIMEOUT).await;
    lists(&c.http, &[&na, &nb], TIMEOUT).await;

    // On disk in the article's form.
    eventually("nodes.json of every node", TIMEOUT, async || {
        let files = [
            (homes[0].join("nodes.json"), vec![&nb, &nc]),
            (homes[1].join("nodes.json"), vec![&na, &nc]),
            (homes[2].join("nodes.json"), vec![&na, &nb]),
            (seed_dir.join("nodes.json"), vec![&na, &nb, &nc]),
        ];
        files
            .iter()
            .all(|(file, wanted)| {
                let text = fs::read_to_string(file).unwrap_or_default();
                serde_json::from_str::<Value>(&text)
                    .is_ok_and(|found| sorted(&found) == sorted(&json!(wanted)))
            })
            .then_some(())
    })
    .await;

    // They joined under their names and mine by themselves; every node has the same chain.
    for node in [&a, &b, &c] {
        eventually("three players at every node", TIMEOUT, async || {
            (node.status().await["totals"]["players"] == 3).then_some(())
        })
        .await;
    }

    c.kill();
    lists(&a.http, &[&nb], PRUNED).await;
    lists(&b.http, &[&na], PRUNED).await;
    lists(&seed.http, &[&na, &nb], PRUNED).await;

    // It comes back by itself, from its own list and the seed server.
    c.spawn();
    c.wait().await;
    lists(&a.http, &[&nb, &nc], PRUNED).await;
    lists(&seed.http, &[&na, &nb, &nc], PRUNED).await;
}

fn write_known(home: &Path, nodes: &[Value]) {
    fs::write(home.join("nodes.json"), json!(nodes).to_string()).unwrap();
}

#[tokio::test]
async fn known_nodes_tell_of_others() {
    let dir = temp();
    let home = pool(dir.path(), &["ana"]).remove(0);
    let far = FakeNode::start(Vec::new()).await;
    let near = FakeNode::start(vec![far.node()]).await;
    write_known(&home, &[near.node()]);
    let node = run_node(&home, &[]).await;
    lists(&node.http, &[&near.node(), &far.node()], TIMEOUT).await;
}

#[tokio::test]
async fn enough_known_nodes_are_not_asked_for_more() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana", "bruno"]);
    for (home, limit, asks) in [(&homes[0], "1", false), (&homes[1], "2", true)] {
        let (near, seed) = (
            FakeNode::start(Vec::new()).await,
            FakeNode::start(Vec::new()).await,
        );
        write_known(home, &[near.node()]);
        let _node = run_node(home, &["-k", limit, "--seed", &seed.address()]).await;
        eventually("three rounds of greetings", TIMEOUT, async || {
            (near.greetings() >= 3).then_some(())
        })
        .await;
        assert_eq!(near.lists() > 0, asks, "step 2 with limit {limit}");
        assert_eq!(seed.lists() > 0, asks, "step 3 with limit {limit}");
    }
}

#[tokio::test]
async fn a_plain_http_program_is_a_node() {
    let dir = temp();
    let home = pool(dir.path(), &["ana"]).remove(0);
    let seed = run_seed(dir.path()).await;
    let flag = seed_flag(&seed);
    let node = run_node(&home, &[&flag[0], &flag[1]]).await;
    let plain = FakeNode::start(Vec::new()).await;
    let body = plain.node().to_string();
    for server in [&node.http, &seed.http] {
        let listed = server.post("/nodes/", body.clone()).await.json();
        assert!(
            listed.as_array().unwrap().contains(&plain.node()),
            "{listed}"
        );
        // Once, however often it says so.
        let listed = server.post("/nodes/", body.clone()).await.json();
        let times = listed
            .as_array()
            .unwrap()
            .iter()
            .filter(|node| **node == plain.node());
        assert_eq!(times.count(), 1);
    }
    let gone = plain.node();
    drop(plain);
    for server in [&node.http, &seed.http] {
        eventually("the pruning of the plain program", PRUNED, async || {
            (!known(server).await.contains(&gone.to_string())).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn the_routes() {
    let dir = temp();
    let home = pool(dir.path(), &["ana"]).remove(0);
    let seed = run_seed(dir.path()).await;
    let node = run_node(&home, &[]).await;
    for server in [&node.http, &seed.http] {
        assert_eq!(server.get("/").await.json(), json!({}));
        assert_eq!(known(server).await, Vec::<String>::new());
        for method in ["GET", "POST", "DELETE"] {
            let moved = server.send(server.request(method, "/nodes")).await;
            assert_eq!((moved.status, moved.header("location")), (308, "nodes/"));
        }

        let fake = FakeNode::start(Vec::new()).await;
        let body = fake.node().to_string();
        assert_eq!(server.post("/", body.clone()).await.json(), fake.node());
        assert_eq!(
            sorted(&server.post("/nodes/", body.clone()).await.json()),
            std::slice::from_ref(&body)
        );
        assert_eq!(known(server).await, std::slice::from_ref(&body));
        // Which the article's script asks a seed server for.
        for which in ["random", "0"] {
            let one = server.get(&format!("/nodes/{which}/")).await;
            assert_eq!(one.json(), fake.node());
        }
        for which in ["1", "-1", "any", "%ff"] {
            let none = server.get(&format!("/nodes/{which}/")).await;
            assert_eq!(none.status, 400, "{none:?}");
        }
        assert_eq!(
            server.delete("/nodes/", body.clone()).await.json(),
            json!([])
        );
        assert_eq!(server.delete("/nodes/", body).await.json(), json!([]));

        for bad in [
            "",
            "null",
            "[]",
            "{",
            "{}",
            r#"{"ip_address":"127.0.0.1"}"#,
            r#"{"port":55000}"#,
            r#"{"ip_address":"127.0.0.1","port":0}"#,
            r#"{"ip_address":"127.0.0.1","port":-1}"#,
            r#"{"ip_address":"127.0.0.1","port":65536}"#,
            r#"{"ip_address":"127.0.0.1","port":"55000"}"#,
            r#"{"ip_address":"127.0.0.1","port":55000,"more":1}"#,
            r#"{"ip_address":"somewhere","port":55000}"#,
            r#"{"ip_address":"0.0.0.0","port":55000}"#,
            r#"{"ip_address":7,"port":55000}"#,
        ] {
            let greeted = server.post("/", bad).await;
            assert!((400..500).contains(&greeted.status), "{bad}: {greeted:?}");
            assert_eq!(greeted.text, "{}", "{bad}");
            server.post("/nodes/", bad).await.problem();
            server.delete("/nodes/", bad).await.problem();
        }
        assert_eq!(known(server).await, Vec::<String>::new());
    }
}

#[test]
fn without_a_pool_there_is_nothing_to_run() {
    let dir = temp();
    for home in [dir.path().to_owned(), dir.path().join("nowhere")] {
        let output = run(["--home", &text(&home), "run", "-p", "0"]);
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        for word in ["bolao start", "bolao join", "bolao demo"] {
            assert!(said.contains(word), "{said}");
        }
        assert!(output.stdout.is_empty());
    }
}
