#![allow(clippy::unwrap_used)]

use super::*;

fn own() -> LocalAddresses {
    let advertised = ["192.168.1.20", "10.0.0.1"].map(|text| text.parse().unwrap());
    LocalAddresses::new(([127, 0, 0, 1], 9000).into(), advertised.to_vec())
}

async fn register(registry: &Arc<Registry>, urls: &[&str]) -> Result<Vec<String>, NodeError> {
    let urls: Vec<Url> = urls.iter().map(|text| text.parse().unwrap()).collect();
    let checked = registry.check(&urls)?;
    registry.add(&checked).await?;
    Ok(checked)
}

async fn registry() -> (tempfile::TempDir, Arc<Registry>) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let registry = Registry::open(home, own()).unwrap();
    registry.look_here().await;
    (dir, Arc::new(registry))
}

#[tokio::test]
async fn a_node_is_registered_once_and_remembered() {
    let (dir, registry) = registry().await;
    for _ in 0..2 {
        let added = register(&registry, &["http://localhost:9001/"])
            .await
            .unwrap();
        assert_eq!(added, ["http://localhost:9001"]);
    }
    assert_eq!(registry.list(), ["http://localhost:9001"]);
    let home = Home::open(dir.path()).unwrap();
    let again = Registry::open(home, own()).unwrap();
    assert_eq!(again.list(), ["http://localhost:9001"]);
}

#[tokio::test]
async fn a_node_does_not_register_itself() {
    let (_dir, registry) = registry().await;
    for own in [
        "http://localhost:9000",
        "http://127.0.0.1:9000",
        "http://[::1]:9000",
        "http://192.168.1.20:9000",
        "http://10.0.0.1:9000",
        "http://[::ffff:10.0.0.1]:9000",
    ] {
        assert!(
            register(&registry, &[own]).await.unwrap().is_empty(),
            "{own}"
        );
    }
    assert!(registry.list().is_empty());
}

#[tokio::test]
async fn only_plain_node_urls_are_taken() {
    let (_dir, registry) = registry().await;
    for bad in [
        "https://localhost:9001",
        "ftp://localhost:9001",
        "file:///etc/passwd",
        "http://localhost:9001/admin",
        "http://localhost:9001/?q=1",
        "http://user@localhost:9001/",
        "http://:password@localhost:9001/",
        "http://localhost:9001/#here",
        "http://localhost:0/",
        "http://0.0.0.0:9001/",
        "http://255.255.255.255:9001/",
        "http://224.0.0.1:9001/",
        "http://169.254.169.254:80/",
        "http://localhost.:9000/",
    ] {
        let good = "http://localhost:9001";
        assert!(register(&registry, &[good, bad]).await.is_err(), "{bad}");
    }
    assert!(registry.list().is_empty());
}

#[tokio::test]
async fn the_list_is_bounded() {
    let (_dir, registry) = registry().await;
    for port in 0..u16::try_from(MAX_REGISTERED).unwrap() {
        register(&registry, &[&format!("http://localhost:{}", 10_000 + port)])
            .await
            .unwrap();
    }
    let before = registry.list();
    let full = Err(NodeError::TooManyNodes {
        limit: MAX_REGISTERED,
        registered: MAX_REGISTERED,
        new: 1,
    });
    let known = "http://localhost:10000";
    assert_eq!(
        register(&registry, &[known, "http://localhost:9999"]).await,
        full
    );
    assert_eq!(registry.list(), before);
    register(&registry, &[known]).await.unwrap();
}

#[tokio::test]
async fn nobody_waits_for_the_disk_but_who_registers() {
    let (dir, registry) = registry().await;
    let (locked, is_locked) = tokio::sync::oneshot::channel();
    let slow_disk = Arc::clone(&registry);
    let disk = std::thread::spawn(move || {
        let _turn = slow_disk.saving.lock().unwrap();
        locked.send(()).unwrap();
        std::thread::sleep(Duration::from_millis(500));
    });
    is_locked.await.unwrap();
    let adding = register(&registry, &["http://localhost:9001"]);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), adding)
            .await
            .is_err()
    );
    assert_eq!(registry.list(), ["http://localhost:9001"]);
    disk.join().unwrap();
    register(&registry, &["http://localhost:9002"])
        .await
        .unwrap();
    let saved = Home::open(dir.path()).unwrap().registered().unwrap();
    assert_eq!(saved, ["http://localhost:9001", "http://localhost:9002"]);
}

#[tokio::test]
async fn what_a_command_writes_into_the_home_is_taken_up() {
    let (dir, registry) = registry().await;
    register(&registry, &["http://localhost:9001"])
        .await
        .unwrap();
    registry.refresh();
    let home = Home::open(dir.path()).unwrap();
    let written: Vec<String> = (0..MAX_REGISTERED)
        .map(|number| format!("http://10.0.0.2:{}", 10_000 + number))
        .chain([
            "https://no.node".to_owned(),
            "http://10.0.0.1:9000".to_owned(),
        ])
        .collect();
    home.change_registered(|urls| urls.clone_from(&written))
        .unwrap();
    home.add_name("Pool.example").unwrap();
    registry.refresh();
    let list = registry.list();
    assert_eq!(list.len(), MAX_REGISTERED);
    assert_eq!(list.last().unwrap(), "http://10.0.0.2:10063");
    assert!(
        !list.contains(&"http://localhost:9001".to_owned()),
        "the oldest"
    );
    assert!(registry.answers_to("pool.EXAMPLE") && !registry.answers_to("other.example"));
}

#[tokio::test]
async fn one_node_is_registered_once_however_it_is_spelt() {
    let (_dir, registry) = registry().await;
    let spellings = [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "LOCALHOST",
        "[::ffff:127.0.0.1]",
    ];
    let urls = spellings.map(|host| format!("http://{host}:9001/"));
    let urls = urls.each_ref().map(String::as_str);
    register(&registry, &urls).await.unwrap();
    for url in urls {
        register(&registry, &[url]).await.unwrap();
    }
    assert_eq!(registry.list(), ["http://localhost:9001"]);
}
