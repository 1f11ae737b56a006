//! `bolao answer`: answers to what organisers ask, signed with the home's wallet; sealed where the pool's bets are.

use bolao_acting::{Leave, Wish};
use bolao_ledger::{Chips, MatchNo, OpenBet, Reason};
use bolao_node::Home;
use clap::Args;
use serde_json::{Value, json};

use super::{
    questions::{all, find, numbers, read, status, words},
    wait::WaitArgs,
};
use crate::{
    betting::{follow, placed_json, say_sealed},
    exit::{refused, usage},
    output::{self, count},
    passphrase::CommonArgs,
    session::Session,
    time,
    view::QuestionStatus,
};

/// Answers one or more questions; until a question closes, a later answer replaces an earlier one
#[derive(Args, Clone, Debug)]
pub(crate) struct AnswerArgs {
    #[arg(
        required = true,
        num_args = 1..,
        value_names = ["QUESTION", "ANSWER"],
        help = "Questions, by code, and answers: an option, its beginning, or a number; several with commas between them: \
            champion Portugal goals 172 semis Brazil,Spain,France,England"
    )]
    answers: Vec<String>,
    #[command(flatten)]
    wait: WaitArgs,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: AnswerArgs, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &args.common.passphrase).await?;
    let questions = all(&session.source).await?;
    let (mut bets, mut told, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for pair in args.answers.chunks(2) {
        let [code, typed] = pair else {
            return Err(usage(format!(
                "`{}` has no answer: each question needs one, such as `champion Portugal`",
                pair.concat()
            )));
        };
        let question = find(&questions, code)?;
        let asked = &question.asked;
        let code = &asked.code;
        if question.status != QuestionStatus::Open {
            let text = format!(
                "{code} takes no answers any more ({}): `bolao questions` lists what is open",
                status(question)
            );
            return Err(refused(Reason::BetAfterKickoff, text));
        }
        let answers = read(asked, typed, false)?;
        if answers.len() != usize::from(asked.slots) {
            return Err(usage(format!(
                "{code} needs {}, with commas between several; got {}",
                count(asked.slots, "answer", "answers"),
                answers.len()
            )));
        }
        bets.extend(numbers(asked).zip(&answers).map(|(no, answer)| OpenBet {
            match_no: MatchNo(no),
            prediction: asked.asks.predicted(*answer),
            stake: Chips::ZERO,
        }));
        told.push(format!(
            "{}  ({code}; open until {}, {})",
            output::bold(&words(&asked.asks, &answers)),
            time::local(asked.closes),
            time::relative(asked.closes)
        ));
        values.push(json!({
            "question": { "no": asked.no, "code": code },
            "answers": answers,
            "deadline": time::timestamp(asked.closes),
        }));
    }
    let on: Vec<MatchNo> = bets.iter().map(|it| it.match_no).collect();
    let leave = Leave::Nothing;
    let acting = session.acting(Wish::Bets { bets, leave }).patient();
    let acted = session.act(acting).await;
    if let Some(stopped) = acted.end {
        return Err(stopped.error);
    }
    told.iter().try_for_each(output::say)?;
    say_sealed(&session.genesis, &on)?;
    let sent = follow(&session.client, acted.ids, args.wait, "answer", on.len()).await?;
    if args.common.json {
        let sent: Vec<Value> = sent.iter().map(placed_json).collect();
        let sealed = session.genesis.rules.has_sealed_bets();
        return output::json(&json!({ "answers": values, "sealed": sealed, "transactions": sent }));
    }
    Ok(())
}
