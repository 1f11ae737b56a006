//! Who makes the blocks, how that changes, and what they could do.

use bolao_ledger::{Consensus, Genesis, Membership, SetChange, TargetRule, Voting};

use super::{count, duration, each};

pub(super) fn blocks(genesis: &Genesis) -> Vec<String> {
    match &genesis.consensus {
        Consensus::Pos(pos) => voted(genesis, &pos.voting),
        Consensus::Pow => vec![
            mined(genesis.target),
            "No block is final: whoever spends a minute of a laptop can rewrite a quiet pool, bet after a match, or take \
             others' bets away."
                .to_owned(),
        ],
        Consensus::Hybrid(hybrid) => made_final(genesis, &hybrid.voting),
    }
}

fn voted(genesis: &Genesis, voting: &Voting) -> Vec<String> {
    let made = match voting.validators.len() {
        1 => {
            "Bets are kept in blocks that validators make, at first one alone: a block is final as soon as validators \
              of more than two thirds of the weight have signed it."
                .to_owned()
        }
        many => format!(
            "Bets are kept in blocks that validators make in turn, {many} at first: a block is final as soon as \
             validators of more than two thirds of the weight have signed it."
        ),
    };
    let mut said = vec![made];
    said.extend(changes(genesis, voting));
    let first = match voting.validators.len() {
        1 => "; at first the one alone could do both",
        _ => "",
    };
    said.push(format!(
        "Nobody can change or forge a bet; but validators of a third of the weight or more together could keep a bet out \
         until it is too late for it, and those of more than two thirds could date bets, and so let in late ones of their \
         own{first}."
    ));
    said.push(
        "While validators of a third of the weight or more are away, bets wait, and count only if a block holds them \
         in time."
            .to_owned(),
    );
    said
}

fn made_final(genesis: &Genesis, voting: &Voting) -> Vec<String> {
    let who = match voting.validators.len() {
        1 => "Validators make them final, at first one alone".to_owned(),
        many => format!("Validators make them final, {many} at first"),
    };
    let mut said = vec![
        mined(genesis.target),
        format!("{who}: as soon as those of more than two thirds of the weight have signed one."),
    ];
    said.extend(changes(genesis, voting));
    said.push(
        "Validators refuse blocks that came late, and those that leave out bets which they saw in time, as far as \
         they were there. What validators of less than a third of the weight saw, nobody else refuses."
            .to_owned(),
    );
    let first = match voting.validators.len() {
        1 => ", at first the one alone,",
        _ => "",
    };
    said.push(format!(
        "Nobody can change or forge a bet; but validators of more than two thirds of the weight together{first} could \
         make a branch final that leaves bets out, or lets in late ones of their own."
    ));
    said.push(
        "While validators of a third of the weight or more are away, blocks go on, and are not final yet.".to_owned(),
    );
    said
}

/// How validators change.
fn changes(genesis: &Genesis, voting: &Voting) -> Vec<String> {
    let organisers = genesis.organisers.len();
    match voting.change {
        SetChange::Appointed { .. } if organisers == 0 => {
            vec!["There are no organisers: the validators stay as they are.".to_owned()]
        }
        SetChange::Appointed { quorum } => {
            let who = match (organisers, quorum) {
                (1, _) => "The one organiser appoints and removes".to_owned(),
                (all, 1) => format!("Any one of the {all} organisers appoints and removes"),
                (all, quorum) => {
                    format!("{quorum} of the {all} organisers must agree to appoint and remove")
                }
            };
            vec![format!(
                "{who} validators, among players who offered to be one."
            )]
        }
        SetChange::Stake {
            wait_s,
            cut_percent,
        } => {
            let first = voting.validators.iter().map(|it| it.weight).max();
            let mut said = vec![
                format!(
                    "A validator's weight is the chips that a player has staked; taken back, they are free after {}. \
                     At first a validator weighs {} without a stake.",
                    duration(wait_s),
                    first.unwrap_or_default()
                ),
                format!(
                    "Whoever signs two votes where one is allowed loses {cut_percent} percent of the stake, which goes \
                     to the next pot."
                ),
            ];
            if genesis.membership == Membership::Open {
                said.push(
                    "Anybody may join and gets chips to stake, so that whoever joins often enough has most of the \
                     weight."
                        .to_owned(),
                );
            }
            said
        }
    }
}

fn mined(target: TargetRule) -> String {
    match target {
        TargetRule::Fixed { zero_bits } => format!(
            "Bets are kept in blocks that anybody may find; a block's hash begins with {}.",
            count(zero_bits.into(), "zero bit")
        ),
        TargetRule::Asert {
            zero_bits_at_start,
            block_interval_s,
            ..
        } => format!(
            "Bets are kept in blocks that anybody may find, about one {}; the first one's \
             hash begins with {}.",
            each(block_interval_s),
            count(zero_bits_at_start.into(), "zero bit")
        ),
    }
}
