//! Who organises, and where the pool's page is.

use bolao_answers::{
    Chain,
    body::{OrganisersBody, PlayerRef, moment},
    player,
};
use bolao_ledger::{Action, ActionKind, PageAddress, Quorum, UnixSeconds, actions};
use bolao_rulebook::Said;

use super::{Foreseen, Outlook, Unmet, Wisher, quoted, said, signature, until};

const ORGANISES: &str = "{player} is an organiser";
const NO_ORGANISER: &str = "{player} is no longer an organiser";
const NEED_TWO: &str = "From then on {what} needs two signatures, yours and {player}'s.";
const EACH_ALONE: &str =
    "From then on {player} can add and remove organisers without anyone else, including you.";
const IS_ASKED: &str = "{player} was asked to leave, and does in {ahead} ({leaves}), unless there is a signature from {player} before then.";
const IS_SILENT: &str = "{player} has signed nothing for seven days. So your signature is enough to ask {player} to leave: everyone is \
                         told at once, and seven days later {player} is no longer an organiser, unless there is a signature from \
                         {player} before then.";
const MAY_BE_SILENT: &str = "If {player} has lost the words: where {player} signs nothing until {from}, type this again after that; then \
                             your signature is enough to ask {player} to leave.";
const PAGE: &str = "the pool's page is at {address}: every friend's page offers to move there";

impl<C: Chain, E: From<C::Error>> Wisher<'_, C, E> {
    pub(super) fn organise(&self, who: &str, added: bool) -> Outlook<E> {
        let body = self.organisers()?;
        if body.signatures_needed == 0 {
            return Err(Unmet::Impossible(
                "the organisers of this pool cannot be changed: its rules have no way to do it"
                    .to_owned(),
            ));
        }
        self.organises(&body.organisers, "change who organises")?;
        let mut organisers = body.organisers.iter();
        let player = if let Some(organiser) = organisers.find(|it| is_called(it, who)) {
            organiser.clone()
        } else {
            let (account, player) = player(self.asked.chain, who)?;
            let name = Some(player.name.as_str().to_owned());
            PlayerRef { account, name }
        };
        let account = player.account;
        let actions = vec![Action::Organiser(actions::Organiser { account, added })];
        self.tried(&actions)?;
        let what = if added { ORGANISES } else { NO_ORGANISER };
        let what = said(what, [("player", player.shown().into())]);
        let others = body.others_for(account, added, self.account);
        let word = if added { "add" } else { "remove" };
        let command = format!("bolao organisers {word} {}", quoted(who));
        let (effect, is_last) = signature(what, &others, body.signatures_needed, &[], command);
        let then = match (added, is_last) {
            (true, true) => self.once_added(&body, &player),
            (false, false) => self.once_silent(&body, &player)?,
            _ => None,
        };
        let says = std::iter::once(effect).chain(then).collect();
        Ok(Foreseen {
            actions,
            says,
            ..Foreseen::default()
        })
    }

    /// The change that one organiser more makes to what signatures do.
    fn once_added(&self, body: &OrganisersBody, player: &PlayerRef) -> Option<Said> {
        let rules = &self.asked.genesis.rules;
        let now = body.organisers.len();
        let then = now.saturating_add(1);
        let grow: Vec<&str> = [
            ("each result", rules.results_quorum),
            ("each new or changed match", rules.schedule_quorum),
            ("each change of organisers", rules.organisers_quorum),
        ]
        .into_iter()
        .filter(|(_, quorum): &(_, Quorum)| quorum.among(then) > quorum.among(now))
        .map(|(what, _)| what)
        .collect();
        let player = ("player", player.shown().into());
        if !grow.is_empty() {
            let what = ("what", grow.join(" and ").into());
            return Some(said(NEED_TWO, [what, player]));
        }
        let is_alone = rules.organisers_quorum.among(then) == 1;
        is_alone.then(|| said(EACH_ALONE, [player]))
    }

    /// The time at which an organiser leaves by one signature alone, if at all.
    fn once_silent(
        &self,
        body: &OrganisersBody,
        player: &PlayerRef,
    ) -> Result<Option<Said>, Unmet<E>> {
        let mut silent = body.silent.iter();
        let Some(own) = silent.find(|it| it.organiser.account == player.account) else {
            return Ok(None);
        };
        let player = ("player", player.shown().into());
        if let Some(leaves) = own.leaves {
            let due = u64::try_from(leaves.as_second()).map_or(UnixSeconds::ZERO, UnixSeconds);
            let ahead = ("ahead", until(due, self.now()?));
            let leaves = ("leaves", due.into());
            return Ok(Some(said(IS_ASKED, [player, ahead, leaves])));
        }
        let from = own.asked_from;
        Ok(Some(if moment(self.now()?) >= from {
            said(IS_SILENT, [player])
        } else {
            let from = u64::try_from(from.as_second()).map_or(UnixSeconds::ZERO, UnixSeconds);
            said(MAY_BE_SILENT, [player, ("from", from.into())])
        }))
    }

    pub(super) fn publish(&self, address: &str) -> Outlook<E> {
        if !ActionKind::Address.is_known_to(self.asked.genesis) {
            return Err(Unmet::Impossible(
                "the rules of this pool know no address of its page: give friends the address yourself"
                    .to_owned(),
            ));
        }
        let address: PageAddress = address
            .parse()
            .map_err(|error| Unmet::Unclear(format!("`{address}` is not an address: {error}")))?;
        let body = self.organisers()?;
        self.organises(&body.organisers, "sign where the page is")?;
        let text = address.to_string();
        let actions = vec![Action::Address(actions::Address { address })];
        self.tried(&actions)?;
        let same = body.addresses.iter().find(|it| it.address == text);
        let mut others = same.map(|it| it.signers.clone()).unwrap_or_default();
        others.retain(|it| it.account != self.account);
        let command = format!("bolao address {text}");
        let what = said(PAGE, [("address", text.into())]);
        let needed = body.address_signatures_needed;
        let (effect, _) = signature(what, &others, needed, &[], command);
        let says = vec![effect];
        Ok(Foreseen {
            actions,
            says,
            ..Foreseen::default()
        })
    }
}

/// Whether an organiser, who may not have joined, is meant.
fn is_called(organiser: &PlayerRef, name: &str) -> bool {
    organiser.account.to_string() == name || organiser.name.as_deref() == Some(name)
}
