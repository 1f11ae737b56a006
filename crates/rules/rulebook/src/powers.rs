//! What the validators of the moment can do and cannot, in plain words.

use bolao_ledger::BlockProof;

use crate::either;

/// Sentences about validators, given by name and weight; none where nobody votes. Where blocks are mined, validators only
/// make them final. `clock_s`: how far a block's time may be from a validator's clock.
#[must_use]
pub fn powers(proof: BlockProof, clock_s: u64, validators: &[(String, u64)]) -> Vec<String> {
    let mut heaviest: Vec<&(String, u64)> = validators.iter().collect();
    heaviest.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let total: u128 = validators
        .iter()
        .map(|(_, weight)| u128::from(*weight))
        .sum();
    let Some((first, _)) = heaviest.first() else {
        return Vec::new();
    };
    // How many of them are enough for something, the heaviest first.
    let fewest = |is_enough: &dyn Fn(u128) -> bool| {
        let mut sum = 0;
        let sums = heaviest.iter().map(|(_, weight)| {
            sum += u128::from(*weight);
            sum
        });
        sums.take_while(|sum| !is_enough(*sum)).count() + 1
    };
    let decide = fewest(&|weight| weight * 3 > total * 2);
    let stops = |weight: u128| weight * 3 >= total;
    let stop = fewest(&stops);
    let count = validators.len();
    let stoppers = heaviest
        .iter()
        .filter(|(_, weight)| stops((*weight).into()));
    let stoppers: Vec<&str> = stoppers.map(|(name, _)| name.as_str()).collect();
    if let BlockProof::Work(_) = proof {
        return of_mined(first, &stoppers, [count, stop, decide]);
    }
    if count == 1 {
        return vec![
            format!(
                "Only {first} makes the blocks: {first} cannot change or forge a bet, but could leave one out or \
                backdate one, and while {first}'s node is off, bets wait."
            ),
            "With three more validators of the same weight, none of you could do that alone."
                .to_owned(),
        ];
    }
    if decide == 1 {
        return vec![
            format!(
                "{first} has more than two thirds of the weight and can make blocks without anyone else: {first} \
                cannot change or forge a bet, but could leave one out or backdate one, and while {first}'s node is \
                off, bets wait."
            ),
            "With four or more validators of the same weight, nobody could do that alone."
                .to_owned(),
        ];
    }
    if stop == 1 {
        return vec![
            format!(
                "Nobody can change or forge a bet, or change its time by more than {clock_s} s. But bets wait while \
                {} is away, and {} could refuse a bet until it is too late.",
                either(&stoppers, "or"),
                either(&stoppers, "or"),
            ),
            "With four or more validators of the same weight, nobody could do that alone."
                .to_owned(),
        ];
    }
    vec![format!(
        "Nobody can change or forge a bet, and nobody alone can change its time by more than {clock_s} s, or hold \
        one up while the others are online. At least {stop} of the {count} together could keep a bet out until it is \
        too late, or make bets wait by going offline; at least {decide} together could backdate bets, and so let in \
        their own late ones."
    )]
}

/// The same where blocks are mined; `first` is the heaviest, `stoppers` have a third of the weight or more each.
fn of_mined(first: &str, stoppers: &[&str], [count, stop, decide]: [usize; 3]) -> Vec<String> {
    const NOT_FINAL: &str =
        "new blocks are not final yet, so the strongest miner could take bets out";
    let more =
        "With four or more validators of the same weight, nobody could do that alone.".to_owned();
    if decide == 1 {
        let powers = format!(
            "Only {first} makes blocks final: {first} cannot change or forge a bet, but could make a branch final \
            that leaves one out, or that lets in a late one by {first}. While {first}'s node is off, {NOT_FINAL}."
        );
        return vec![powers, more];
    }
    if stop == 1 {
        let who = either(stoppers, "or");
        let powers =
            format!("Nobody can make blocks final alone. But while {who} is away, {NOT_FINAL}.");
        return vec![powers, more];
    }
    vec![format!(
        "Nobody can change or forge a bet, and nobody alone can keep blocks from becoming final. While at least \
        {stop} of the {count} are away, {NOT_FINAL}; at least {decide} together could make a branch final that \
        leaves bets out, or lets in their own late ones."
    )]
}

#[cfg(test)]
mod tests {
    use bolao_ledger::DEFAULT_TARGET;

    use super::*;

    #[test]
    fn what_sets_of_each_kind_can_do() {
        let of = |proof: BlockProof, weights: &[u64]| {
            let names = ["Ana", "Bento", "Clara", "Davi", "Eva", "Feli", "Gil"];
            let named = names.iter().zip(weights);
            let named: Vec<_> = named
                .map(|(name, weight)| ((*name).to_owned(), *weight))
                .collect();
            format!("{weights:?}: {}", powers(proof, 5, &named).join(" "))
        };
        let sets: [&[u64]; 8] = [
            &[],
            &[1],
            &[1, 1],
            &[1, 1, 1],
            &[1, 1, 1, 1],
            &[1, 9, 1, 1],
            &[2, 1, 1, 1],
            &[1, 1, 1, 1, 1, 1, 1],
        ];
        let mined = BlockProof::Work(DEFAULT_TARGET);
        let all =
            [BlockProof::Certificate, mined].map(|proof| sets.map(|set| of(proof, set)).join("\n"));
        insta::assert_snapshot!(all.join("\n\n"));
    }
}
