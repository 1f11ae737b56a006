//! What no organiser can do: place, change, see or delete another player's tip.

use bolao_ledger::{
    Action, BetMode, Chips, MatchNo, OpenBet, Opening, Outcome, Rules, Score, UnixSeconds, actions,
};
use bolao_wallet::Draft;
use serde_json::Value;

use crate::{
    organising::{Friends, HOUR, now, pool},
    support::{Answer, TIMEOUT, eventually},
};

fn score(text: &str) -> Score {
    text.parse().unwrap()
}

/// The code of a refusal.
fn code(answer: &Answer) -> String {
    answer.problem();
    let problem: Value = serde_json::from_str(&answer.text).unwrap();
    problem["code"].as_str().unwrap_or_default().to_owned()
}

/// ana organises; bruno only plays.
#[tokio::test]
async fn an_organiser_has_no_hold_on_anybodys_tip() {
    const ORGANISER: usize = 0;
    const PLAYER: usize = 1;
    let rules = Rules {
        bets: BetMode::Sealed,
        ..Rules::default()
    };
    let friends = Friends::start(pool(rules), 1).await;
    let pool_id = friends.genesis.pool_id();
    let (organiser, player) = (&friends.keys[ORGANISER], &friends.keys[PLAYER]);
    let (no, salt) = (MatchNo(2), [7; 32]);
    let sealed = |text: &str| bolao_ledger::SealedBet {
        match_no: no,
        commitment: bolao_ledger::seal_commitment(
            pool_id,
            &player.account(),
            no,
            score(text).into(),
            &salt,
        ),
        stake: Chips(10),
    };
    let nonce = friends.nonce(PLAYER).await;
    let genuine = player.sign(
        pool_id,
        Draft::new(player.account(), nonce).body(Action::Seal(actions::Seal {
            bets: vec![sealed("2-1")],
        })),
    );
    let answer = friends.hand_in_signed(&genuine).await;
    assert!((200..300).contains(&answer.status), "{answer:?}");
    let tips = async || {
        let tips = friends.nodes[0].http.get("/api/v1/matches/NlEn/tips").await;
        tips.json()["items"].clone()
    };
    let before = eventually("the sealed bet", TIMEOUT, async || {
        Some(tips().await).filter(|tips| tips.as_array().is_some_and(|tips| tips.len() == 1))
    })
    .await;

    // See it: neither the tip nor its transaction holds score or salt.
    assert_eq!(before[0]["score"], Value::Null, "{before}");
    let path = format!("/api/v1/transactions/{}", genuine.id());
    let shown = friends.nodes[0].http.get(&path).await.json();
    let tip = shown["action"]["tips"][0].as_object().unwrap();
    assert!(
        !tip.contains_key("score") && !tip.contains_key("salt"),
        "{shown}"
    );

    // Place or change one in the player's name.
    let next = friends.nonce(PLAYER).await;
    let mut forged = Draft::new(player.account(), next);
    let answer = friends
        .hand_in(
            ORGANISER,
            forged.clone().body(Action::Seal(actions::Seal {
                bets: vec![sealed("0-5")],
            })),
        )
        .await;
    assert_eq!(code(&answer), "bad-signature");
    // Hand in the old one again, or with another signature's account.
    let answer = friends.hand_in_signed(&genuine).await;
    assert!(
        ["already-known", "bad-nonce"].contains(&code(&answer).as_str()),
        "{answer:?}"
    );
    let mut moved = genuine.clone();
    moved.body.nonce = next;
    assert_eq!(code(&friends.hand_in_signed(&moved).await), "bad-signature");
    let mut altered = genuine.clone();
    altered.body.nonce = next;
    if let Action::Seal(actions::Seal { bets: tips }) = &mut altered.body.action {
        tips[0].commitment[0] ^= 1;
    }
    assert_eq!(
        code(&friends.hand_in_signed(&altered).await),
        "bad-signature"
    );

    // Delete it: a void, an opening or an empty bet in the player's name, or opening it as one's own.
    let opening = Opening {
        match_no: no,
        prediction: (score("2-1")).into(),
        salt,
    };
    let answer = friends
        .hand_in(
            ORGANISER,
            forged.body(Action::Open(actions::Open {
                openings: vec![opening],
            })),
        )
        .await;
    assert_eq!(code(&answer), "bad-signature");
    let own = friends.nonce(ORGANISER).await;
    let answer = friends
        .hand_in(
            ORGANISER,
            Draft::new(organiser.account(), own).body(Action::Open(actions::Open {
                openings: vec![opening],
            })),
        )
        .await;
    assert_eq!(code(&answer), "nothing-to-open");
    let answer = friends
        .hand_in(
            ORGANISER,
            Draft::new(organiser.account(), own).bet(vec![OpenBet {
                match_no: no,
                prediction: (score("1-0")).into(),
                stake: Chips::ZERO,
            }]),
        )
        .await;
    assert_eq!(code(&answer), "tips-are-sealed");
    // A result before kick-off, and teams that change their meaning after it.
    let answer = friends
        .hand_in(
            ORGANISER,
            Draft::new(organiser.account(), own).body(Action::Result(actions::Result {
                match_no: no,
                outcome: Outcome::played(score("0-0")),
            })),
        )
        .await;
    assert_eq!(code(&answer), "result-too-early");
    let mut swapped = friends.genesis.matches[0].clone();
    std::mem::swap(&mut swapped.home, &mut swapped.away);
    swapped.kickoff = Some(UnixSeconds(now() + HOUR));
    let answer = friends
        .hand_in(
            ORGANISER,
            Draft::new(organiser.account(), own)
                .body(Action::Schedule(actions::Schedule { fixture: swapped })),
        )
        .await;
    assert_eq!(code(&answer), "match-started");
    // Late tips of the organiser's own are no better than others'.
    let late = organiser.seal(
        pool_id,
        own,
        &OpenBet {
            match_no: MatchNo(1),
            prediction: (score("2-1")).into(),
            stake: Chips::ZERO,
        },
    );
    let answer = friends
        .hand_in(
            ORGANISER,
            Draft::new(organiser.account(), own)
                .body(Action::Seal(actions::Seal { bets: vec![late] })),
        )
        .await;
    assert_eq!(code(&answer), "bet-after-kickoff");

    friends.ok(ORGANISER, &["mine"]);
    assert_eq!(tips().await, before);
    // What organisers may do is not the players'.
    let answer = friends
        .hand_in(
            PLAYER,
            Draft::new(player.account(), next).body(Action::Result(actions::Result {
                match_no: MatchNo(1),
                outcome: Outcome::played(score("9-0")),
            })),
        )
        .await;
    assert_eq!(code(&answer), "not-an-organiser");
}
