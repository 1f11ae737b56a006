//! Wishes on their way through real cores, under the virtual clock.

use bolao_acting::{Acting, Fact, Leave, Part, Refusal, Step, Wish};
use bolao_chain::{Proposal, Rejection, rehearse};
use bolao_ledger::{
    Action, BetMode, Chips, Genesis, MatchCode, MatchNo, Name, Nonce, OpenBet, Reason, Score,
    StateView as _, TargetRule, UnixSeconds, actions,
};
use bolao_simulator::Sim;
use bolao_store::StoreError;
use bolao_wallet::{Draft, Key};

/// Every match kicks off so many seconds after the pool is made.
const KICKOFF_S: u64 = 3_600;

fn genesis(matches: u16, change: impl FnOnce(&mut Genesis)) -> Genesis {
    let mut genesis = Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    };
    genesis.rules.transfers = true;
    let first = genesis.matches[0].clone();
    genesis.matches = (1..=matches)
        .map(|no| bolao_ledger::Fixture {
            no: MatchNo(no),
            code: MatchCode::new(&format!("M{no}")).unwrap(),
            kickoff: Some(UnixSeconds(genesis.created.0 + KICKOFF_S)),
            ..first.clone()
        })
        .collect();
    change(&mut genesis);
    genesis
}

fn bet(no: u16, stake: u64) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        prediction: Score::new(2, 1).unwrap().into(),
        stake: Chips(stake),
    }
}

fn bets(bets: Vec<OpenBet>, leave: Leave) -> Wish {
    Wish::Bets { bets, leave }
}

/// A device with a player's key that uses a node, and what it has asked of it.
struct Device {
    key: Key,
    node: usize,
    asked: Vec<&'static str>,
}

/// How a wish ended: matches left out, transactions sent, and the refusal.
type End = Result<(Vec<u16>, usize), (Option<u16>, Option<Reason>)>;

impl Device {
    fn new(key: &Key, node: usize) -> Self {
        Self {
            key: key.clone(),
            node,
            asked: Vec::new(),
        }
    }

    fn begin(sim: &Sim, wish: Wish) -> (Acting<String>, Step<String>) {
        let mut acting = Acting::new(sim.genesis(), wish);
        let step = acting.next(Fact::Start);
        (acting, step)
    }

    /// Takes a step that needs the node or time.
    fn take(&mut self, sim: &mut Sim, step: Step<String>) -> Fact<String> {
        match step {
            Step::Nonce => {
                self.asked.push("nonce");
                let snapshot = sim.core(self.node).reader().snapshot().unwrap();
                Fact::Nonce(snapshot.next_nonce(&self.key.account()).unwrap())
            }
            Step::Try { parts, alone } => {
                self.asked.push(if alone { "alone" } else { "whole" });
                Fact::Verdicts(self.verdicts(sim, &parts, alone))
            }
            Step::Send { part, nonce } => {
                self.asked.push("send");
                let transaction = self
                    .key
                    .sign(sim.genesis().pool_id(), self.body(sim, &part, nonce));
                sim.submit(self.node, transaction);
                match &sim.replies(self.node).last().unwrap().1 {
                    Ok(_) => Fact::Taken,
                    Err(rejection) => Fact::Refused(refusal(rejection)),
                }
            }
            Step::Pause { time, .. } => {
                self.asked.push("pause");
                sim.run_ms(u64::try_from(time.as_millis()).unwrap());
                Fact::Passed
            }
            Step::Done | Step::Refused { .. } | Step::Lost => unreachable!("the wish is over"),
        }
    }

    fn body(&self, sim: &Sim, part: &Part, nonce: Nonce) -> bolao_ledger::TxBody {
        let mut draft = Draft::new(self.key.account(), nonce);
        part.draft(&mut draft, &self.key, sim.genesis())
            .unwrap_or_else(|| draft.join(Name::new("Ana").unwrap()))
    }

    fn verdicts(&self, sim: &Sim, parts: &[Part], alone: bool) -> Vec<Result<(), Refusal<String>>> {
        let snapshot = sim.core(self.node).reader().snapshot().unwrap();
        let (genesis, now) = (sim.genesis(), sim.clock(self.node).unix);
        let proposals = parts.iter().map(|part| Proposal::Unsigned {
            account: self.key.account(),
            nonce: None,
            action: self.body(sim, part, Nonce::ZERO).action,
            alone: alone && *part != Part::Join,
        });
        rehearse(
            &snapshot,
            genesis,
            now,
            proposals.collect(),
            || Ok(()),
            |it| Ok::<_, StoreError>(it.verdict.map(drop).map_err(|it| refusal(&it))),
        )
        .unwrap()
    }

    fn act(&mut self, sim: &mut Sim, wish: Wish) -> End {
        self.carry_out(sim, Acting::new(sim.genesis(), wish))
    }

    /// To the end.
    fn carry_out(&mut self, sim: &mut Sim, mut acting: Acting<String>) -> End {
        let (mut fact, mut sent) = (Fact::Start, 0);
        loop {
            fact = match acting.next(fact) {
                Step::Done => {
                    let left_out = acting.left_out().iter().map(|(no, _)| no.0).collect();
                    return Ok((left_out, sent));
                }
                Step::Refused { on, refusal, .. } => {
                    return Err((on.map(|it| it.0), refusal.reason));
                }
                step => self.take(sim, step),
            };
            sent += usize::from(matches!(fact, Fact::Taken));
        }
    }
}

fn refusal(rejection: &Rejection) -> Refusal<String> {
    Refusal {
        reason: Some(rejection.reason),
        error: rejection.message.clone(),
    }
}

/// A node of a pool, and a player who has joined.
fn joined(genesis: &Genesis) -> (Sim, Device) {
    let mut sim = Sim::new(genesis, 1, 1);
    let mut device = Device::new(&Key::generate().unwrap(), 0);
    assert_eq!(device.act(&mut sim, Wish::Joining), Ok((vec![], 1)));
    sim.mine(0);
    device.asked.clear();
    (sim, device)
}

/// The stakes of a player's bets on the chain, by match.
fn placed(sim: &Sim, device: &Device, matches: u16) -> Vec<Option<u64>> {
    let snapshot = sim.core(device.node).reader().snapshot().unwrap();
    let account = device.key.account();
    (1..=matches)
        .map(|no| Some(snapshot.bet(MatchNo(no), &account).unwrap()?.stake.0))
        .collect()
}

#[test]
fn one_bet_takes_two_questions_and_the_first_joins_before_it() {
    let genesis = genesis(2, |_| {});
    let mut sim = Sim::new(&genesis, 1, 1);
    let mut device = Device::new(&Key::generate().unwrap(), 0);
    let wish = || bets(vec![bet(1, 5)], Leave::Nothing);
    assert_eq!(device.act(&mut sim, wish()), Ok((vec![], 2)));
    assert_eq!(device.asked, ["nonce", "whole", "send", "send"]);
    sim.mine(0);
    device.asked.clear();
    assert_eq!(device.act(&mut sim, wish()), Ok((vec![], 1)));
    assert_eq!(device.asked, ["nonce", "send"]);
    assert_eq!(placed(&sim, &device, 2), [Some(5), None]);
}

#[test]
fn two_hundred_tips_are_tried_once_and_fill_as_few_transactions_as_hold_them() {
    for mode in [BetMode::Open, BetMode::Sealed] {
        let genesis = genesis(200, |genesis| genesis.rules.bets = mode);
        let (mut sim, mut device) = joined(&genesis);
        let all = (1..=200).map(|no| bet(no, 1)).collect();
        let (left_out, sent) = device.act(&mut sim, bets(all, Leave::Nothing)).unwrap();
        assert_eq!(left_out, [0; 0]);
        assert_eq!(device.asked[..2], ["nonce", "whole"]);
        assert_eq!(device.asked.len(), 2 + sent);
        assert!((2..=4).contains(&sent), "{sent}");
        sim.mine(0);
        assert_eq!(placed(&sim, &device, 200), [Some(1); 200]);
    }
}

#[test]
fn a_bet_that_is_late_by_a_second_is_left_out_or_stops_the_others() {
    let genesis = genesis(3, |genesis| {
        genesis.matches[1].kickoff = Some(UnixSeconds(genesis.created.0 + 100));
    });
    let (mut sim, mut device) = joined(&genesis);
    let three = || vec![bet(1, 1), bet(2, 1), bet(3, 1)];
    // The clock of a simulation starts ten seconds after the pool.
    sim.run_ms(89_000);
    assert_eq!(
        device.act(&mut sim, bets(three(), Leave::Nothing)),
        Ok((vec![], 1))
    );
    sim.mine(0);
    sim.run_ms(1_000);
    let late = Some(Reason::BetAfterKickoff);
    assert_eq!(
        device.act(&mut sim, bets(three(), Leave::Nothing)),
        Err((Some(2), late))
    );
    device.asked.clear();
    assert_eq!(
        device.act(&mut sim, bets(three(), Leave::Late)),
        Ok((vec![2], 1))
    );
    assert_eq!(device.asked, ["nonce", "send", "alone", "send"]);
    assert_eq!(
        device.act(&mut sim, bets(vec![bet(2, 1)], Leave::Late)),
        Ok((vec![2], 0))
    );
}

#[test]
fn who_has_not_joined_leaves_out_what_is_late_too() {
    let genesis = genesis(2, |genesis| {
        genesis.matches[0].kickoff = Some(UnixSeconds(genesis.created.0 + 5));
    });
    let mut sim = Sim::new(&genesis, 1, 1);
    let mut device = Device::new(&Key::generate().unwrap(), 0);
    let two = bets(vec![bet(1, 1), bet(2, 1)], Leave::Late);
    let tried = Acting::new(&genesis, two.clone()).only_trying();
    assert_eq!(device.carry_out(&mut sim, tried), Ok((vec![1], 0)));
    assert_eq!(device.act(&mut sim, two), Ok((vec![1], 2)));
}

#[test]
fn what_is_refused_first_of_several_transactions_sends_none() {
    let genesis = genesis(200, |genesis| {
        genesis.matches[199].kickoff = Some(UnixSeconds(genesis.created.0 + 5));
    });
    let (mut sim, mut device) = joined(&genesis);
    let all = || (1..=200).map(|no| bet(no, 1)).collect();
    let late = Some(Reason::BetAfterKickoff);
    assert_eq!(
        device.act(&mut sim, bets(all(), Leave::Nothing)),
        Err((Some(200), late))
    );
    assert!(!device.asked.contains(&"send"), "{:?}", device.asked);
    let (left_out, _) = device.act(&mut sim, bets(all(), Leave::Late)).unwrap();
    assert_eq!(left_out, [200]);
}

#[test]
fn chips_that_do_not_reach_refuse_all_or_leave_out_what_they_do_not_cover() {
    let genesis = genesis(4, |_| {});
    let (mut sim, mut device) = joined(&genesis);
    let all = || vec![bet(1, 1_500), bet(2, 600), bet(3, 600), bet(4, 300)];
    let lacks = Some(Reason::NotEnoughChips);
    let some = bets(all()[1..].to_vec(), Leave::Late);
    assert_eq!(device.act(&mut sim, some), Err((None, lacks)));
    assert_eq!(
        device.act(&mut sim, bets(all(), Leave::Refused)),
        Ok((vec![1, 3], 1))
    );
    sim.mine(0);
    assert_eq!(placed(&sim, &device, 4), [None, Some(600), None, Some(300)]);
    // Each frees the chips that the other needs.
    let swapped = bets(vec![bet(2, 300), bet(4, 700)], Leave::Nothing);
    assert_eq!(device.act(&mut sim, swapped), Ok((vec![], 1)));
}

#[test]
fn two_tabs_that_ask_at_once_both_send() {
    let genesis = genesis(2, |_| {});
    let (mut sim, device) = joined(&genesis);
    let mut tabs = [1, 2].map(|no| {
        let (acting, step) = Device::begin(&sim, bets(vec![bet(no, 1)], Leave::Nothing));
        (Device::new(&device.key, 0), acting, step)
    });
    for _ in 0..8 {
        for (tab, acting, step) in &mut tabs {
            if *step != Step::Done {
                let fact = tab.take(&mut sim, step.clone());
                *step = acting.next(fact);
            }
        }
    }
    assert!(
        tabs.iter().all(|(.., step)| *step == Step::Done),
        "{tabs:?}",
        tabs = tabs.map(|it| it.2)
    );
    sim.mine(0);
    assert_eq!(placed(&sim, &device, 2), [Some(1), Some(1)]);
}

#[test]
fn a_nonce_that_another_device_took_is_asked_for_again() {
    let genesis = genesis(2, |_| {});
    let (mut sim, mut device) = joined(&genesis);
    let (mut acting, step) = Device::begin(&sim, bets(vec![bet(1, 1)], Leave::Nothing));
    let fact = device.take(&mut sim, step);
    let step = acting.next(fact);
    let mut other = Device::new(&device.key, 0);
    other
        .act(&mut sim, bets(vec![bet(2, 1)], Leave::Nothing))
        .unwrap();
    sim.mine(0);
    let fact = device.take(&mut sim, step);
    let mut step = acting.next(fact);
    while step != Step::Done {
        let fact = device.take(&mut sim, step);
        step = acting.next(fact);
    }
    assert_eq!(device.asked, ["nonce", "send", "pause", "nonce", "send"]);
    sim.mine(0);
    assert_eq!(placed(&sim, &device, 2), [Some(1), Some(1)]);
}

#[test]
fn a_node_whose_answers_never_agree_is_given_up_after_twenty_seconds() {
    let genesis = genesis(1, |_| {});
    let (sim, _) = joined(&genesis);
    let wish = bets(vec![bet(1, 1)], Leave::Refused);
    let mut acting = Acting::new(sim.genesis(), wish);
    let mut fact = Fact::Start;
    let mut waited = 0;
    let end = loop {
        fact = match acting.next(fact) {
            Step::Nonce => Fact::Nonce(Nonce(1)),
            Step::Send { .. } => Fact::Refused(Refusal {
                reason: Some(Reason::BadNonce),
                error: (),
            }),
            Step::Pause { time, .. } => {
                waited += time.as_millis();
                Fact::Passed
            }
            end => break end,
        };
    };
    assert!(matches!(end, Step::Refused { on: None, .. }), "{end:?}");
    assert!((20_000..=21_000).contains(&waited), "{waited}");
    assert_eq!(acting.left_out(), []);
}

/// What a wish asks, and its end, where a node refuses to send, and judges what is tried by `verdict` of the parts and whether each is
/// alone.
fn asked_of(
    acting: &mut Acting<()>,
    refused: Reason,
    verdict: impl Fn(&Part, bool) -> Option<Reason>,
) -> (Vec<&'static str>, Step<()>) {
    let refusal = |reason| Refusal {
        reason: Some(reason),
        error: (),
    };
    let (mut asked, mut fact) = (Vec::new(), Fact::Start);
    loop {
        let step = acting.next(fact);
        fact = match step {
            Step::Nonce => Fact::Nonce(Nonce(1)),
            Step::Send { .. } => Fact::Refused(refusal(refused)),
            Step::Try { parts, alone } => {
                asked.push(if alone { "alone" } else { "whole" });
                let of = |part: &Part| verdict(part, alone).map_or(Ok(()), |it| Err(refusal(it)));
                Fact::Verdicts(parts.iter().map(of).collect())
            }
            end => return (asked, end),
        };
        assert!(asked.len() < 32, "it never ends");
    }
}

#[test]
fn what_passes_leaves_no_bet_out() {
    let genesis = genesis(10, |_| {});
    let all = bets((1..=10).map(|no| bet(no, 1)).collect(), Leave::Refused);
    let mut acting = Acting::new(&genesis, all);
    let late = |part: &Part| matches!(part, Part::Entries(of) if of.len() == 1);
    let (_, end) = asked_of(&mut acting, Reason::BetAfterKickoff, |part, _| {
        late(part).then_some(Reason::TooOften)
    });
    let refused = matches!(&end, Step::Refused { on: None, refusal, .. } if refusal.reason == Some(Reason::TooOften));
    assert!(refused, "{end:?}");
    assert_eq!(acting.left_out(), []);
}

#[test]
fn a_node_that_takes_each_and_refuses_all_is_asked_no_more() {
    let genesis = genesis(3, |_| {});
    let all = || (1..=3).map(|no| bet(no, 1)).collect();
    for leave in [Leave::Late, Leave::Refused] {
        let mut acting = Acting::new(&genesis, bets(all(), leave));
        let (_, end) = asked_of(&mut acting, Reason::NotEnoughChips, |_, _| None);
        assert!(matches!(end, Step::Refused { on: None, .. }), "{end:?}");
        assert_eq!(acting.left_out(), []);
    }
}

#[test]
fn a_nonce_that_was_given_is_not_asked_for() {
    let genesis = genesis(1, |_| {});
    let wish = bets(vec![bet(1, 1)], Leave::Refused);
    let mut acting = Acting::new(&genesis, wish).at(Nonce(7));
    let sends = |step: &Step<()>| {
        matches!(
            step,
            Step::Send {
                nonce: Nonce(7),
                ..
            }
        )
    };
    let step = acting.next(Fact::Start);
    assert!(sends(&step), "{step:?}");
    let overtaken = Refusal {
        reason: Some(Reason::BadNonce),
        error: (),
    };
    let end = acting.next(Fact::Refused(overtaken));
    assert!(matches!(end, Step::Refused { on: None, .. }), "{end:?}");
    assert_eq!(acting.next(Fact::Taken), Step::Lost);
}

#[test]
fn a_pool_that_stands_still_keeps_what_is_sent_and_makes_many_wait() {
    let genesis = genesis(1, |genesis| genesis.limits.pending_per_account = 2);
    let (mut sim, mut device) = joined(&genesis);
    let changed = |stake| {
        Action::Bet(actions::Bet {
            bets: vec![bet(1, stake)],
        })
    };
    let many = Wish::Actions([1, 2, 3].map(changed).to_vec());
    let mut acting = Acting::new(&genesis, many).patient();
    let mut step = acting.next(Fact::Start);
    for _ in 0..5 {
        let fact = device.take(&mut sim, step);
        step = acting.next(fact);
    }
    assert!(
        matches!(step, Step::Pause { is_full: true, .. }),
        "{step:?}"
    );
    sim.mine(0);
    while step != Step::Done {
        let fact = device.take(&mut sim, step);
        step = acting.next(fact);
    }
    assert_eq!(acting.left(), 0);
    // One alone does not wait.
    let mut one = |stake| device.act(&mut sim, bets(vec![bet(1, stake)], Leave::Nothing));
    assert_eq!(one(4), Ok((vec![], 1)));
    assert_eq!(one(5), Err((None, Some(Reason::TooManyPending))));
}

#[test]
fn a_node_that_dies_between_answer_and_block_has_kept_what_it_took() {
    let genesis = genesis(1, |_| {});
    let (mut sim, mut device) = joined(&genesis);
    device
        .act(&mut sim, bets(vec![bet(1, 7)], Leave::Nothing))
        .unwrap();
    sim.crash(0);
    sim.restart(0);
    sim.mine(0);
    assert_eq!(placed(&sim, &device, 1), [Some(7)]);
}
