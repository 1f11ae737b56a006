//! Who may join, and with what.

use bolao_ledger::{Genesis, Membership};

use crate::{Said, template::templates};

templates! {
    ANYBODY = "Anyone can join.";
    INVITED = "You need an invitation to join.";
    STARTS = "Every player starts with {chips, plural, one {# chip} other {# chips}}.";
}

pub(super) fn joining(genesis: &Genesis) -> Vec<Said> {
    let who = match genesis.membership {
        Membership::Open => ANYBODY,
        Membership::Invite => INVITED,
    };
    let starts = STARTS.with([("chips", genesis.starting_chips.0.into())]);
    vec![who.said(), starts]
}
