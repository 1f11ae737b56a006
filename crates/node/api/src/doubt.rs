//! A doubt about a machine's clock, in words.

use bolao_chain::{ClockDoubt, DoubtCause, Testimony};
use bolao_rulebook::{Finding, finding, part};

/// The sentence for a doubt about this machine's clock: what contradicts it or has to confirm it, what each kind of witness says, and
/// what to do next. `span` is by how much it is off.
#[must_use]
pub fn clock_in_doubt(doubt: &ClockDoubt, span: &str) -> Finding {
    let whom = part!(match doubt.cause {
        DoubtCause::Kernel => "part-clock-kernel",
        DoubtCause::Date => "part-clock-date",
        DoubtCause::Others => "part-clock-others",
        DoubtCause::LastBlock | DoubtCause::Unconfirmed => "part-clock-last-block",
        DoubtCause::BettingEnds => "part-clock-betting-ends",
    });
    let network = part!(match doubt.synchronised {
        Some(true) => "part-clock-network-sets",
        Some(false) => "part-clock-network-does-not",
        None => "part-clock-network-unknown",
    });
    let dates = part!(match doubt.dates {
        Testimony::Agrees => "part-clock-dates-agree",
        Testimony::Contradicts => "part-clock-dates-contradict",
        Testimony::Silent => "part-clock-dates-silent",
    });
    let players = part!(match doubt.players {
        Testimony::Agrees => "part-clock-players-agree",
        Testimony::Contradicts => "part-clock-players-contradict",
        Testimony::Silent => "part-clock-players-silent",
    });
    let ahead = part!(
        if doubt.ahead_s < 0 {
            "part-behind"
        } else {
            "part-ahead"
        },
        span: span
    );
    let code = if doubt.cause.wants_witnesses() {
        "clock-unconfirmed"
    } else {
        "clock-in-doubt"
    };
    finding!(code, ahead: ahead, whom: whom, network: network, dates: dates, players: players)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_which_witnesses_agree_and_which_is_missing() {
        let doubt = ClockDoubt {
            cause: DoubtCause::BettingEnds,
            ahead_s: 300,
            synchronised: Some(true),
            dates: Testimony::Silent,
            players: Testimony::Silent,
        };
        let silent = clock_in_doubt(&doubt, "5 min").text;
        for part in [
            "5 min ahead of",
            "the network sets it",
            "no list",
            "no player",
            "player's phone",
            "bolao clock trust",
        ] {
            assert!(silent.contains(part), "{part}: {silent}");
        }
        let off = ClockDoubt {
            cause: DoubtCause::Others,
            ahead_s: -7_200,
            synchronised: None,
            dates: Testimony::Agrees,
            players: Testimony::Contradicts,
        };
        let off = clock_in_doubt(&off, "2 h").text;
        for part in [
            "2 h behind",
            "does not say",
            "lists on the web agree",
            "contradict",
        ] {
            assert!(off.contains(part), "{part}: {off}");
        }
    }
}
