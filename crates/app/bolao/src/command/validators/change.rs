//! `appoint` and `remove`: what organisers sign about who votes.

use anyhow::bail;
use bolao_api::{
    body::{ChangeBody, ValidatorsBody},
    powers,
};
use bolao_chain::most_clocks_differ_s;
use bolao_ledger::{AccountId, Action, Validator, ValidatorSet};
use bolao_node::Home;
use bolao_rulebook::either;

use super::{
    SignArgs,
    list::{quoted, waits_for},
};
use crate::{
    command::signing::{effect, page, player_ref},
    exit::usage,
    output,
    session::Session,
    signed::appointed,
    time,
    view::{self, PlayerRef},
    votes::names,
};

/// An appointment that is to be signed.
struct Wanted {
    player: PlayerRef,
    validator: Validator,
}

impl Wanted {
    /// The weight that it takes the place of: 0 where there is none.
    fn weight_now(&self, body: &ValidatorsBody) -> u64 {
        let mut votes = body.validators.iter().map(|one| &one.validator);
        let own = votes.find(|one| one.validator.account == self.player.account);
        own.map_or(0, |own| own.weight)
    }

    fn shown(&self) -> view::Validator {
        view::Validator {
            validator: self.player.clone(),
            key: self.validator.key,
            weight: self.validator.weight,
        }
    }
}

pub(super) async fn appoint(
    names: &[String],
    weight: Option<u64>,
    sign: &SignArgs,
    home: &Home,
) -> anyhow::Result<()> {
    if weight == Some(0) {
        return Err(usage(
            "got the weight 0, wanted 1 or more: `bolao validators remove NAME` takes a vote away",
        ));
    }
    let session = Session::open(home, &sign.common.passphrase).await?;
    let (body, quorum) = appointed_pool(&session).await?;
    session.check_organiser("appoint validators")?;
    let weight = match weight {
        Some(weight) => weight,
        None => usual_weight(&body)?,
    };
    let mut wanted = Vec::new();
    for name in names {
        let page = page(&session, name).await?;
        let Some(offer) = &page.offer else {
            let name = &page.player.name;
            bail!(
                "{name} has not offered to vote: a running node does that automatically, so ask {name} to start it \
                (bolao run)"
            );
        };
        let stands = body.validators.iter().any(|one| {
            one.validator.validator.account == page.player.account && one.validator.weight == weight
        });
        let validator = Validator {
            account: page.player.account,
            key: offer.key,
            weight,
        };
        if stands && !takes_back(&session, validator).await? {
            bail!(
                "{} is already a validator with the weight {weight}; --weight sets another weight",
                page.player.name
            );
        }
        wanted.push(Wanted {
            validator,
            player: player_ref(page.player),
        });
    }
    sign_all(&session, &body, quorum, wanted, ("appoint", sign)).await
}

pub(super) async fn remove(names: &[String], sign: &SignArgs, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &sign.common.passphrase).await?;
    let (body, quorum) = appointed_pool(&session).await?;
    session.check_organiser("remove validators")?;
    let mut wanted = Vec::new();
    let mut leave = 0;
    for name in names {
        let page = page(&session, name).await?;
        let (player, mut votes) = (
            page.player,
            body.validators.iter().map(|one| &one.validator),
        );
        let own = votes.find(|one| one.validator.account == player.account);
        leave += usize::from(own.is_some());
        let key = own.map(|own| own.key).or(page.offer.map(|offer| offer.key));
        let validator = key.map(|key| Validator {
            account: player.account,
            key,
            weight: 0,
        });
        let validator = match validator {
            Some(one) if own.is_some() || takes_back(&session, one).await? => one,
            _ => bail!(
                "{} is not a validator: `bolao validators` shows who is",
                player.name
            ),
        };
        wanted.push(Wanted {
            validator,
            player: player_ref(player),
        });
    }
    if leave >= body.validators.len() {
        bail!(
            "nobody would be left to make blocks: appoint someone else first, with `bolao validators appoint NAME`"
        );
    }
    sign_all(&session, &body, quorum, wanted, ("remove", sign)).await
}

/// The validators, and how many organisers must sign alike; an error where nobody is appointed.
async fn appointed_pool(session: &Session<'_>) -> anyhow::Result<(ValidatorsBody, u8)> {
    match super::read(&session.source).await? {
        (body, ChangeBody::Appointed { signatures_needed }) => Ok((body, signatures_needed)),
        (_, ChangeBody::Stake { .. }) => bail!(
            "nobody appoints validators in this pool: players vote with the chips they stake with `bolao stake CHIPS`"
        ),
    }
}

/// Whether to sign what stands takes something back: a change that is to come.
async fn takes_back(session: &Session<'_>, stands: Validator) -> anyhow::Result<bool> {
    let action = Action::Appoint { validator: stands };
    Ok(session.refusal(&action).await?.is_none())
}

/// The weight that all have.
fn usual_weight(body: &ValidatorsBody) -> anyhow::Result<u64> {
    let mut weights = body.validators.iter().map(|one| one.validator.weight);
    match weights.next() {
        Some(first) if weights.all(|weight| weight == first) => Ok(first),
        _ => Err(usage(
            "the validators' weights differ (`bolao validators` shows them): choose one with --weight",
        )),
    }
}

/// Shows, checks and sends the signatures.
async fn sign_all(
    session: &Session<'_>,
    body: &ValidatorsBody,
    quorum: u8,
    wanted: Vec<Wanted>,
    (command, sign): (&str, &SignArgs),
) -> anyhow::Result<()> {
    let actions: Vec<Action> = wanted
        .iter()
        .map(|wanted| Action::Appoint {
            validator: wanted.validator,
        })
        .collect();
    if let Some(stopped) = session.try_out(actions.clone()).await.end {
        return Err(stopped.error);
    }
    let mut takes_effect = true;
    for one in &wanted {
        let signers = signers(body, &one.validator, session.account());
        takes_effect &= announce(session, one, &signers, quorum, command)?;
    }
    let mut needed_then = Vec::new();
    if takes_effect {
        let then = after(body, &wanted);
        let (proof, clock_s) = (
            session.genesis.proof(),
            most_clocks_differ_s(&session.genesis),
        );
        let weights: Vec<_> = { then.iter() }
            .map(|one| (one.validator.shown(), one.weight))
            .collect();
        let sentences = powers(proof, clock_s, &weights).join(" ");
        output::say(output::wrapped("Then: ", "      ", &sentences))?;
        needed_then = needed(&then, &wanted);
        say_notice(session, body, &wanted)?;
    }
    if let Some(waits) = super::heard(&session.source).await?.waits {
        output::say!(
            "First, though: block {} {}; nothing takes effect before it.",
            waits.height,
            waits_for(&waits)
        )?;
    }
    if !needed_then.is_empty() {
        let names: Vec<&str> = needed_then.iter().map(String::as_str).collect();
        output::say!(
            "From then on nothing becomes final while the node of {} is off, not even the removal of that vote.",
            either(&names, "or")
        )?;
    }
    sign.send(session, actions, "The signature").await
}

/// Says when it takes effect, and how to take back what does later.
fn say_notice(
    session: &Session<'_>,
    body: &ValidatorsBody,
    wanted: &[Wanted],
) -> anyhow::Result<()> {
    let notice = time::span(session.genesis.rules.notice_s.into());
    let change = |one: &&Wanted| one.validator.weight.cmp(&one.weight_now(body));
    let lowered: Vec<_> = wanted.iter().filter(|one| change(one).is_lt()).collect();
    if session.genesis.rules.notice_s == 0 || body.validators.len() < 2 {
        return output::say!("It takes effect with the next block.");
    }
    if lowered.is_empty() {
        return output::say!(
            "It takes effect with the next block, or {notice} later, if those who gained weight within {notice} then have more than a \
             third of it."
        );
    }
    output::say!(
        "What takes weight from a validator takes effect {notice} after it is signed, and everyone is told at once. Until then this \
         takes it back:"
    )?;
    for one in lowered {
        output::say!(
            "  bolao validators appoint {} --weight {}",
            quoted(&[one.player.shown()]),
            one.weight_now(body)
        )?;
    }
    Ok(())
}

/// The validators once all of it has taken effect.
fn after(body: &ValidatorsBody, wanted: &[Wanted]) -> Vec<view::Validator> {
    let is_changed = |account| wanted.iter().any(|one| one.validator.account == account);
    let stay = body.validators.iter().map(|one| &one.validator);
    let stay = stay.filter(|one| !is_changed(one.validator.account));
    let new = wanted.iter().filter(|wanted| wanted.validator.weight > 0);
    stay.cloned().chain(new.map(Wanted::shown)).collect()
}

/// Those who get a vote without whom nothing is decided then.
fn needed(then: &[view::Validator], wanted: &[Wanted]) -> Vec<String> {
    let then = then.iter().map(|one| Validator {
        account: one.validator.account,
        key: one.key,
        weight: one.weight,
    });
    let Ok(then) = ValidatorSet::new(then) else {
        return Vec::new();
    };
    let is_needed = |one: &&Wanted| {
        let rest = then.total().saturating_sub(one.validator.weight);
        one.validator.weight > 0 && !then.is_quorum(rest)
    };
    let needed = wanted.iter().filter(is_needed);
    needed.map(|one| one.player.shown()).collect()
}

/// Those who have signed this already, besides oneself.
fn signers(body: &ValidatorsBody, wanted: &Validator, own: AccountId) -> Vec<PlayerRef> {
    let same = body.waiting.iter().filter(|waiting| {
        let it = &waiting.validator;
        (it.validator.account, it.weight, it.key) == (wanted.account, wanted.weight, wanted.key)
    });
    let signers = same.flat_map(|waiting| waiting.signers.iter().cloned());
    signers.filter(|signer| signer.account != own).collect()
}

/// Says what one signature does; whether it takes effect.
fn announce(
    session: &Session<'_>,
    wanted: &Wanted,
    others: &[PlayerRef],
    quorum: u8,
    command: &str,
) -> anyhow::Result<bool> {
    let weight = wanted.validator.weight;
    let asked: Vec<PlayerRef> = session
        .organisers()
        .iter()
        .filter(|it| it.account != session.account())
        .filter(|it| others.iter().all(|signer| signer.account != it.account))
        .cloned()
        .collect();
    let flag = if weight == 0 {
        String::new()
    } else {
        format!(" --weight {weight}")
    };
    effect(
        &appointed(&wanted.shown()),
        others,
        quorum,
        &format!(" of {}", names(&asked)),
        &format!(
            "bolao validators {command} {}{flag}",
            quoted(&[wanted.player.shown()])
        ),
    )
}
