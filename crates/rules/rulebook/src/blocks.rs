//! Who makes the blocks, how that changes, and what they could do.

use bolao_ledger::{Genesis, Membership, Quorum, SetChange, TargetRule, Voting};

use crate::{Said, SaidValue, template::templates};

templates! {
    VOTED = "Bets are kept in blocks that validators make{validators, plural, =1 {, only one at first} other { in turn, # at first}}: a block is final as soon as validators of more than two thirds of the weight have signed it.";
    COULD = "Nobody can change or forge a bet; but validators of a third of the weight or more together could keep a bet out \
             until it is too late for it, and those of more than two thirds could date bets, and so let in late ones of \
             their own{validators, plural, =1 {; at first the only one could do both} other {}}.";
    BETS_WAIT = "While validators of a third of the weight or more are away, bets wait, and count only if a block holds them \
                 in time.";
    NEVER_FINAL = "No block is final: a minute of a laptop's work can rewrite a quiet pool, add bets after a match, or remove others' bets.";
    MADE_FINAL = "Validators make them final, {validators, plural, =1 {only one at first} other {# at first}}: as soon as \
                  those of more than two thirds of the weight have signed one.";
    REFUSE = "Validators refuse blocks that came late, and those that leave out bets which they saw in time, as far as they \
              were there. What validators of less than a third of the weight saw, nobody else refuses.";
    COULD_BRANCH = "Nobody can change or forge a bet; but validators of more than two thirds of the weight \
                    together{validators, plural, =1 {, at first the only one,} other {}} could make a branch final that \
                    leaves bets out, or lets in late ones of their own.";
    BLOCKS_GO_ON = "While validators of a third of the weight or more are away, blocks go on, and are not final yet.";
    NEVER_APPOINTED = "There are no organisers: the validators stay as they are.";
    ONE_APPOINTS = "The one organiser appoints and removes validators, among players who offered to be one.";
    ANY_APPOINTS = "Any one of the {organisers, number} organisers appoints and removes validators, among players who offered \
                    to be one.";
    SEVERAL_APPOINT = "{quorum, number} of the {organisers, number} organisers must agree to appoint and remove validators, \
                       among players who offered to be one.";
    TWO_APPOINT = "Validators are appointed and removed, among players who offered to be one, by one signature while there is one organiser, and by two once there are two.";
    LATER = "Changes of validators take effect {notice} after the last of them was signed, all together. Only while a pool grows from one validator to four does a new one start at once, with no more weight than each of the others.";
    STAKED = "A validator's weight is the chips that a player has staked; taken back, they are free after {wait}. At first a \
              validator weighs {weight, number} without a stake.";
    CUT = "A validator that signs two votes where one is allowed loses {percent, number} percent of its stake, which goes to the next pot.";
    MANY_JOIN = "Anyone can join and gets chips to stake, so a person who joins often enough has most of the weight.";
    MINED = "Bets are kept in blocks that anyone can find; a block's hash begins with \
             {bits, plural, one {# zero bit} other {# zero bits}}.";
    MINED_EACH = "Bets are kept in blocks that anyone can find, about one {seconds, plural, =1 {a second} =60 {a minute} \
                  =3600 {an hour} =86400 {a day} other {every {interval}}}; the first one's hash begins with \
                  {bits, plural, one {# zero bit} other {# zero bits}}.";
}

pub(super) fn blocks(genesis: &Genesis) -> Vec<Said> {
    match genesis.consensus.voting() {
        None => vec![mined(genesis.target), NEVER_FINAL.said()],
        Some(voting) if genesis.consensus.mines() => made_final(genesis, voting),
        Some(voting) => voted(genesis, voting),
    }
}

fn voted(genesis: &Genesis, voting: &Voting) -> Vec<Said> {
    let mut said = vec![VOTED.with([first(voting)])];
    said.extend(changes(genesis, voting));
    said.extend([COULD.with([first(voting)]), BETS_WAIT.said()]);
    said
}

fn made_final(genesis: &Genesis, voting: &Voting) -> Vec<Said> {
    let mut said = vec![mined(genesis.target), MADE_FINAL.with([first(voting)])];
    said.extend(changes(genesis, voting));
    said.extend([
        REFUSE.said(),
        COULD_BRANCH.with([first(voting)]),
        BLOCKS_GO_ON.said(),
    ]);
    said
}

/// The number of validators at first, as a value of a template.
fn first(voting: &Voting) -> (&'static str, SaidValue) {
    ("validators", SaidValue::count(voting.validators.len()))
}

/// Gives the sentences on how validators change.
fn changes(genesis: &Genesis, voting: &Voting) -> Vec<Said> {
    let all = genesis.organisers.len();
    let organisers = ("organisers", SaidValue::count(all));
    match voting.change {
        SetChange::Appointed { .. } if all == 0 => vec![NEVER_APPOINTED.said()],
        SetChange::Appointed { quorum } => {
            let change = genesis.rules.organisers_quorum != Quorum::of(0);
            let mut said = vec![match (all, quorum.among(all)) {
                _ if change && quorum == Quorum::TWO_ONCE_TWO => TWO_APPOINT.said(),
                (1, _) => ONE_APPOINTS.said(),
                (_, 1) => ANY_APPOINTS.with([organisers]),
                (_, quorum) => SEVERAL_APPOINT.with([("quorum", quorum.into()), organisers]),
            }];
            if genesis.rules.notice_s > 0 {
                let notice = SaidValue::seconds(genesis.rules.notice_s);
                said.push(LATER.with([("notice", notice)]));
            }
            said
        }
        SetChange::Stake {
            wait_s,
            cut_percent,
        } => {
            let first = voting.validators.iter().map(|it| it.weight).max();
            let staked = STAKED.with([
                ("wait", SaidValue::seconds(wait_s)),
                ("weight", first.unwrap_or_default().into()),
            ]);
            let mut said = vec![staked, CUT.with([("percent", cut_percent.into())])];
            if genesis.membership == Membership::Open {
                said.push(MANY_JOIN.said());
            }
            said
        }
    }
}

fn mined(target: TargetRule) -> Said {
    match target {
        TargetRule::Fixed { zero_bits } => MINED.with([("bits", zero_bits.into())]),
        TargetRule::Asert {
            zero_bits_at_start,
            block_interval_s,
            ..
        } => MINED_EACH.with([
            ("seconds", block_interval_s.into()),
            ("interval", SaidValue::seconds(block_interval_s)),
            ("bits", zero_bits_at_start.into()),
        ]),
    }
}
