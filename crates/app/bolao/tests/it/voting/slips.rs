//! Receipts where validators make the blocks.

use std::{fs, path::Path};

use bolao_ledger::{Certificate, Decision, Header, Height, Signature, encode, merkle_root};
use bolao_node::Home;
use bolao_receipts::Slip;
use bolao_store::Store;
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
    let mut host = run_node(&ana, &[]).await;
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
    let alone =
        "alone (the organiser) could make such a receipt at any time, with the key that voted on";
    for part in [
        alone,
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
    let mut friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    offered(&host, "bento").await;
    done(in_home(&ana, &["validators", "appoint", "bento", "--yes"]));
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
    // Not killed: what a validator's log of votes holds of the last block would come into its store only as the node starts.
    host.terminate().await;
    friend.terminate().await;
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
    // Two vote by now, and still the first one alone could have made it up.
    let made = &told["could_have_made"];
    assert_eq!(
        (&made["needed"], &made["first_block"]),
        (&1.into(), &1.into())
    );
    assert_eq!(made["accounts"][0]["organiser"], true);
    // The old slip is as good as it was, in a home of the pool too.
    let name = first.display().to_string();
    let said = done(in_home(&bento, &["verify", &name]));
    assert!(said.contains("your own chain has this block"), "{said}");
    assert!(!said.contains("could make such a receipt"), "{said}");
    let weakest =
        "the fewest on the way to it: ana alone (the organiser), with the key that voted on";
    assert!(said.contains(weakest), "{said}");
    let told: Value =
        serde_json::from_str(&done(in_home(&bento, &["verify", &name, "--json"]))).unwrap();
    assert_eq!(told["verdict"], "good");
    assert_eq!(told["could_have_made"], Value::Null);
    assert_eq!(told["weakest"]["accounts"][0]["name"], "ana");
    forgeries_are_told(&ana, &bento, elsewhere.path(), &pool);
}

/// The slip of a block above so many of the chain's, signed with the first validator's key alone, as if nobody else had ever voted.
fn forged(home: &Path, below: u64) -> (String, Header) {
    let home = Home::open(home).unwrap();
    let (genesis, key) = (home.genesis().unwrap(), home.voting_key().unwrap());
    let store = Store::open(&home.dir().join("chain.redb")).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let headers = (0..=below).map(|height| snapshot.header_at(Height(height)).unwrap().unwrap());
    let mut headers: Vec<Header> = headers.map(|it| it.header).collect();
    let parent = *headers.last().unwrap();
    let all = (1..).map(|height| snapshot.block_at(Height(height)).unwrap().unwrap());
    let mut block = { all }.find(|it| !it.transactions.is_empty()).unwrap();
    block.coinbase.height = Height(below + 1);
    block.coinbase.extra_nonce[0] ^= 1;
    (block.header.previous, block.header.time) = (parent.hash(), parent.time);
    block.header.merkle_root = merkle_root(&block.leaves());
    headers.push(block.header);
    let (height, mut certificate) = (block.coinbase.height, Certificate::default());
    let statement = certificate.statement(height, Decision::plain(height, block.hash()));
    let signature = key.sign(&statement.signing_bytes(genesis.pool_id()));
    let signature = Signature(signature.to_bytes());
    certificate.signatures = [(home.validator_key().unwrap(), signature)].into();
    let certificate = encode(&certificate);
    let slip = Slip::of_votes(&genesis, &headers, &block, 0, &certificate, Vec::new());
    (slip.unwrap().to_json(), block.header)
}

/// Below the friend's tip, at it and above it: each was called valid, in his home too.
fn forgeries_are_told(ana: &Path, bento: &Path, dir: &Path, pool: &str) {
    let tip = {
        let store = Store::open(&bento.join("chain.redb")).unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        snapshot.tip().unwrap().height.0
    };
    let file = dir.join("forged.json");
    let name = file.display().to_string();
    let in_bentos = |flags: &[&str]| {
        let output = run(in_home(bento, &[&["verify", &name], flags].concat()));
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    for below in [0, 4, tip - 1, tip] {
        let (slip, header) = forged(ana, below);
        fs::write(&file, &slip).unwrap();
        let (code, said) = in_bentos(&[]);
        assert_eq!(code, Some(1), "{said}");
        for part in [
            "Forged: ",
            "Making this one took ana alone (the organiser)",
            "keep this file",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let why = if below < tip {
            format!(
                "your own chain has another block {}, which is final",
                below + 1
            )
        } else {
            format!("others vote after block {tip} than in this slip")
        };
        assert!(said.contains(&why), "{why}: {said}");
        let (code, said) = in_bentos(&["--json"]);
        assert_eq!(code, Some(1), "{said}");
        let told: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(told["verdict"], "forged");
        assert_eq!(told["own_chain"], false);
        assert_eq!(told["could_have_made"]["accounts"][0]["name"], "ana");

        // Without a home nobody can tell, but by a friend's block.
        let (good, said) = verify(dir, &file, pool, &[]);
        assert!(
            good && said.contains("alone (the organiser) could make"),
            "{said}"
        );
        assert!(said.contains("--at HEIGHT:HASH"), "{said}");
        let place = |hash: String| format!("{}:{hash}", below + 1);
        let own = place(header.hash().to_string());
        let (good, said) = verify(dir, &file, pool, &["--at", &own]);
        assert!(good && !said.contains("could make"), "{said}");
        let friends = place("07".repeat(32));
        let (good, said) = verify(dir, &file, pool, &["--at", &friends]);
        assert!(
            !good && said.contains("Forged: it leads to another block"),
            "{said}"
        );
    }
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
