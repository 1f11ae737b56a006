//! A proof that validators cheated, checked.

use std::process::ExitCode;

use bolao_ledger::PoolId;
use bolao_node::Home;
use bolao_receipts::{Proof, ProofError, ProofReport};
use serde_json::json;

use super::pool;
use crate::output;

/// Whether a text is of a proof rather than of a slip.
pub(super) fn is_proof(text: &str) -> bool {
    text.trim_start().starts_with(r#"{"proves":"#)
}

pub(super) fn run(
    text: &str,
    wanted: Option<PoolId>,
    home: Option<&Home>,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let checked = match Proof::from_json(text) {
        Ok(proof) => {
            let pool = pool(wanted, home, proof.pool())?;
            proof.verify(pool)
        }
        Err(error) => Err(error),
    };
    match checked {
        Ok(report) if json => output::json(&json!({
            "verdict": "good",
            "proves": if report.both_final { "two_histories" } else { "two_votes" },
            "height": report.height,
            "decisions": report.decisions,
            "rounds": report.rounds,
            "signed_both": report.signed_both.iter().map(|(key, account)| json!({
                "key": key,
                "account": account,
            })).collect::<Vec<_>>(),
        }))?,
        Ok(report) => {
            output::line!(
                "{}: {}",
                output::good("The proof is valid"),
                proven(&report)
            )?;
            for decision in report.decisions.iter().flatten() {
                output::line!("          {decision}")?;
            }
            for (key, account) in &report.signed_both {
                match account {
                    Some(account) => output::line!("Signed by {account}, with the key {key}")?,
                    None => output::line!("Signed with the key {key}")?,
                }
            }
        }
        Err(error) => return bad(error, json),
    }
    Ok(ExitCode::SUCCESS)
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
