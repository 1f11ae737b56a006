//! The kinds of consensus that are compared.

use bolao_ledger::{Consensus, Hybrid, Makers, Pos, Validator};

/// Gives the consensus as a pool's rules state it, with these validators.
pub(crate) fn consensus(kind: Makers, validators: Vec<Validator>) -> Consensus {
    let pos = Pos {
        heartbeat_s: 30 * 86_400,
        ..Pos::appointed(validators)
    };
    match kind {
        Makers::Pow => Consensus::Pow,
        Makers::Pos => Consensus::Pos(pos),
        Makers::Hybrid => Consensus::Hybrid(Hybrid {
            voting: pos.voting,
            grace_s: 30,
            kept_s: 30,
            there_s: 10,
            patience_s: 120,
        }),
    }
}
