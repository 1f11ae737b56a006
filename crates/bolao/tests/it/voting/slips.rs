//! Receipts where validators make the blocks.

use std::{fs, path::Path};

use serde_json::Value;

use super::{AT_ONCE, friend_of, in_home, is_final, joined, new_pool, new_pool_of, offered};
use crate::support::{TIMEOUT, done, eventually, run, run_node, temp};

/// What `verify` says in a directory without a home, and whether it is content.
fn verify(dir: &Path, slip: &Path, pool: &str, flags: &[&str]) -> (bool, String) {
    let slip = slip.display().to_string();
    let args = [&["verify", &slip, "--pool", pool], flags].concat();
    let output = run(in_home(&dir.join("no-home"), &args));
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_proves_offline_that_a_bet_is_final_also_after_a_change_of_validators() {
    let (dir, elsewhere) = (temp(), temp());
    let ana = new_pool(dir.path());
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), AT_ONCE).await;
    let first = elsewhere.path().join("first.json");
    let name = first.display().to_string();
    let said = done(in_home(&ana, &["slip", "PtCh", "--output", &name]));
    assert!(said.contains("which is final"), "{said}");
    let pool = host.status().await["pool"].as_str().unwrap().to_owned();
    let (good, said) = verify(elsewhere.path(), &first, &pool, &[]);
    assert!(good, "{said}");
    for part in [
        "this bet is in a final block of this pool",
        "2-1 on PtCh, Portugal – Switzerland",
        "Final     signed by the validator",
        "those that the pool was made with",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("hashes"), "{said}");

    // One character of a signature.
    let text = fs::read_to_string(&first).unwrap();
    let at = text.find("certificate").unwrap() + 100;
    let mut bytes = text.clone().into_bytes();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    let bad = elsewhere.path().join("bad.json");
    fs::write(&bad, bytes).unwrap();
    let (good, said) = verify(elsewhere.path(), &bad, &pool, &[]);
    assert!(!good && said.contains("proves nothing"), "{said}");

    // Another validator.
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    offered(&host, "bento").await;
    done(in_home(&ana, &["validators", "appoint", "bento"]));
    eventually("two validators", TIMEOUT, async || {
        let answer = friend.http.try_get("/api/v1/validators").await?;
        let answer: Value = serde_json::from_str(&answer.text).ok()?;
        (answer["validators"].as_array()?.len() == 2).then_some(())
    })
    .await;
    done(in_home(&bento, &["bet", "NlEn", "0-3"]));
    is_final(&host, "bento", (0, 3), TIMEOUT).await;
    let second = elsewhere.path().join("second.json");
    let name = second.display().to_string();
    done(in_home(
        &ana,
        &["slip", "NlEn", "--player", "bento", "--output", &name],
    ));
    drop((host, friend));
    let (good, said) = verify(elsewhere.path(), &second, &pool, &["--json"]);
    assert!(good, "{said}");
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(told["verdict"], "good");
    assert_eq!(told["final"], true);
    assert_eq!(
        (&told["signers"], &told["validators"]),
        (&2.into(), &2.into())
    );
    assert_eq!(told["validator_changes"], 1);
    // The old slip is as good as it was, in a home of the pool too.
    let name = first.display().to_string();
    let said = done(in_home(&bento, &["verify", &name]));
    assert!(said.contains("your own chain has this block"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_hybrid_pool_a_slip_proves_work_and_once_there_is_more_that_the_bet_is_final() {
    let (dir, elsewhere) = (temp(), temp());
    let ana = new_pool_of(dir.path(), "hybrid");
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    let invited = done(in_home(&ana, &["invite", "--json"]));
    let invited: Value = serde_json::from_str(&invited).unwrap();
    assert!(invited["final"]["height"].as_u64() > Some(0), "{invited}");

    // Without the only validator there is work.
    host.kill();
    done(in_home(&bento, &["bet", "NlEn", "0-3"]));
    eventually("bento's bet in a block", TIMEOUT, async || {
        (friend.status().await["pending"] == 0).then_some(())
    })
    .await;
    let slip = elsewhere.path().join("slip.json");
    let name = slip.display().to_string();
    let said = done(in_home(&bento, &["slip", "NlEn", "--output", &name]));
    assert!(said.contains("not final yet"), "{said}");
    let pool = friend.status().await["pool"].as_str().unwrap().to_owned();
    let (good, said) = verify(elsewhere.path(), &slip, &pool, &[]);
    assert!(good && said.contains("Work "), "{said}");
    assert!(said.contains("- that the block is final"), "{said}");

    host.spawn();
    host.wait().await;
    is_final(&friend, "bento", (0, 3), TIMEOUT).await;
    let said = done(in_home(
        &bento,
        &["slip", "NlEn", "--output", &name, "--force"],
    ));
    assert!(said.contains("which is final"), "{said}");
    let (good, said) = verify(elsewhere.path(), &slip, &pool, &[]);
    assert!(good && said.contains("signed by the validator"), "{said}");
    assert!(said.contains("this bet is in a final block"), "{said}");
    assert!(!said.contains("- that the block is final"), "{said}");
}
