//! A proof that validators cheated, checked.

use std::process::ExitCode;

use bolao_ledger::PoolId;
use bolao_receipts::{Answer, Beside, Deciders, Proof, ProofError, ProofReport};
use serde_json::{Value, json};

use super::{
    deciders, ended,
    own::{Own, Place},
    pool,
};
use crate::{exit::printable, output};

/// Whether a text is of a proof rather than of a slip.
pub(super) fn is_proof(text: &str) -> bool {
    text.trim_start().starts_with(r#"{"proves":"#)
}

pub(super) async fn run(
    text: &str,
    wanted: Option<PoolId>,
    place: Place<'_>,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let checked = match Proof::from_json(text) {
        Ok(proof) => {
            let pool = pool(wanted, place.as_ref().ok().copied(), proof.pool())?;
            proof.verify(pool).map(|report| (pool, proof, report))
        }
        Err(error) => Err(error),
    };
    let (pool, proof, mut report) = match checked {
        Ok(checked) => checked,
        Err(error) => return bad(error, json),
    };
    let own = Own::of_proof(place, pool, &proof, &mut report).await;
    // Genesis, which the pool's id stands for, names all who vote.
    let is_by_genesis = report.both_final && report.changes.is_empty();
    let answer = match own.beside() {
        _ if is_by_genesis => Answer::InChain,
        Some(beside) => beside.answer(),
        None => Answer::NotCompared,
    };
    let genesis = proof.genesis();
    let refuted = match own.beside() {
        Some(Beside::Refuted(height)) => Some(height),
        _ => None,
    };
    let few = match refuted {
        Some(height) => report.deciders.iter().find(|it| it.until >= height),
        None => Deciders::weakest(&report.deciders, own.genuine),
    };
    if json {
        output::json(&json!({
            "verdict": answer.code(),
            "why": own.compared.as_ref().err().filter(|_| answer == Answer::NotCompared),
            "rests_on": match answer {
                Answer::InChain if is_by_genesis => Some("pool_id"),
                Answer::InChain => Some("own_chain"),
                Answer::NotInChain | Answer::NotCompared => None,
            },
            "proves": if report.both_final { "two_histories" } else { "two_votes" },
            "own_chain": own.json(),
            "own_chain_differs_at": refuted,
            "could_have_made": match &genesis {
                Some(genesis) => deciders::json(few, &own, genesis),
                None => Value::Null,
            },
            "height": report.height,
            "decisions": report.decisions,
            "rounds": report.rounds,
            "signed_both": report.signed_both.iter().map(|(key, account)| json!({
                "key": key,
                // By another history than the own one nobody is named.
                "account": account.filter(|_| refuted.is_none()),
            })).collect::<Vec<_>>(),
        }))?;
    } else {
        let organisers = genesis.map(|it| it.organisers).unwrap_or_default();
        let who = few.map(|few| (deciders::who(few, &own, &organisers), deciders::keys(few)));
        for line in lines(&report, &own, answer, who) {
            output::line(line)?;
        }
    }
    Ok(ended(answer))
}

/// The lines about what the proof proves; `who` could have made up who votes in it, with which keys.
fn lines(
    report: &ProofReport,
    own: &Own,
    answer: Answer,
    who: Option<(String, String)>,
) -> Vec<String> {
    if let Some(Beside::Refuted(height)) = own.beside() {
        let who = who.map_or_else(String::new, |(who, _)| format!(" Making it took {who}."));
        return vec![format!(
            "{}: your own chain has another block {height} than the one after which others vote in this file.{who} Whom it accuses \
            need not have cheated: keep it, it proves two histories of those who made that block.",
            output::bad("Not in your chain, so forged")
        )];
    }
    let mut lines = if answer == Answer::InChain {
        vec![format!(
            "{}: {}",
            output::good("The proof is valid"),
            proven(report)
        )]
    } else {
        let why = match (&own.compared, own.beside()) {
            (Err(why), _) => why.clone(),
            (_, Some(Beside::Above(tip))) => {
                format!("your own chain ends at block {tip}: run your node, then verify again")
            }
            (Ok(_), _) => "your own chain does not tell".to_owned(),
        };
        vec![
            format!("{}: {why}.", output::bad("Not compared")),
            format!("If those who vote here are the pool's: {}", proven(report)),
        ]
    };
    let decided = report.decisions.iter().flatten();
    lines.extend(decided.map(|decision| format!("          {decision}")));
    for (key, account) in &report.signed_both {
        lines.push(match account {
            Some(account) => match own.names.get(account) {
                Some(name) => format!(
                    "Signed by {} ({account}), with the key {key}",
                    printable(name)
                ),
                None => format!("Signed by {account}, with the key {key}"),
            },
            None => format!("Signed with the key {key}"),
        });
    }
    if let Some((who, keys)) = who {
        let named = report
            .signed_both
            .iter()
            .any(|(_, account)| account.is_some());
        let all_the_same = if named {
            " Who is named above signed both all the same."
        } else {
            ""
        };
        lines.push(format!(
            "{}: {who} could have made up who votes here, with {keys}.{all_the_same}",
            output::bad("But")
        ));
    }
    lines
}

fn bad(error: ProofError, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        output::json(&json!({ "verdict": "bad", "why": error.to_string() }))?;
        return Ok(ExitCode::FAILURE);
    }
    Err(anyhow::Error::new(error).context("this proves nothing"))
}

/// The content of a proof, in a sentence.
pub(crate) fn proven(report: &ProofReport) -> String {
    let (who, count) = match report.signed_both.len() {
        1 => ("one validator", 1),
        count => ("validators", count),
    };
    let number = if count == 1 {
        String::new()
    } else {
        format!("{count} ")
    };
    if report.both_final && !report.same_round() {
        let [first, second] = report.rounds;
        format!(
            "vote {} made two blocks final, in the rounds {first} and {second}: validators of more than a third of the weight \
             cheated. {number}{who} signed both; some of them may be honest",
            report.height
        )
    } else if report.both_final {
        format!(
            "{number}{who} signed two histories: vote {} made two blocks final",
            report.height
        )
    } else {
        format!(
            "{number}{who} signed two conflicting things in vote {}",
            report.height
        )
    }
}

#[cfg(test)]
mod tests {
    use bolao_ledger::{Height, ValidatorKey};

    use super::*;

    /// Of two rounds an honest validator may have signed both, so nobody who did is said to have cheated.
    #[test]
    fn nobody_is_accused_for_two_rounds() {
        let said = |rounds| {
            proven(&ProofReport {
                height: Height(7),
                decisions: [None, None],
                signed_both: [1, 2].map(|it| (ValidatorKey([it; 32]), None)).into(),
                rounds,
                both_final: true,
                changes: Vec::new(),
                deciders: Vec::new(),
            })
        };
        assert_eq!(
            said([1, 1]),
            "2 validators signed two histories: vote 7 made two blocks final"
        );
        assert_eq!(
            said([0, 3]),
            "vote 7 made two blocks final, in the rounds 0 and 3: validators of more than a third of the weight cheated. \
             2 validators signed both; some of them may be honest"
        );
    }
}
