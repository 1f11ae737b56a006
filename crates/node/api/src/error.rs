//! Why a node does not do what it is asked to.

use bolao_chain::Rejection;
use bolao_ledger::Name;

/// Why a node does not do what it is asked to. The API answers each as problem details.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// It is against the rules.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// A queue is full; the same call may succeed a moment later.
    #[error("the node is busy: try again in a moment")]
    Busy,
    /// The node is shutting down or has failed.
    #[error("the node is stopping, and its last log line says why: try again once it runs again")]
    Stopped,
    /// Nothing searches for this node's blocks.
    #[error(
        "this node cannot mine, since its program was built without the miner: run one that has it, or mine for this \
        node from elsewhere with `bolao miner --node`"
    )]
    NoMiner,
    /// No block was found within the time that one call may take.
    #[error("no block was found within {seconds} s: try again")]
    NoBlockFound {
        /// The length of the search, in seconds.
        seconds: u64,
    },
    /// The name of a bet belongs to a key that this node's wallet does not hold.
    #[error(
        "the name `{name}` belongs to a player whose key is in another wallet: bet on the node \
         where `{name}` first bet, or choose another name"
    )]
    NameTaken {
        /// The name asked for.
        name: Name,
    },
    /// The wallet keeps no more keys.
    #[error(
        "this node's wallet has no room for another name's key: bet under one of its names, or through another node"
    )]
    TooManyNames,
    /// The wallet could not be used.
    #[error("the node's wallet cannot sign: {message}")]
    Wallet {
        /// The error, in a sentence.
        message: String,
    },
    /// Another invitation with the same ticket is kept.
    #[error("another invitation with this ticket is kept here: make a new one, with a new ticket")]
    InvitationTaken,
    /// As many invitations are kept as may be.
    #[error("this node has no room for another invitation, and none has expired: use a long link")]
    InvitationsFull,
    /// The node sends no push messages.
    #[error(
        "this node sends no news: its page has no https:// address; its owner can get one with `--domain` or `--relay`"
    )]
    NoPush,
    /// An organiser's word that was said before, or after another one of the same account.
    #[error("the message is too old: sign it again")]
    OldWord,
    /// No competition has this code.
    #[error("{reason}")]
    NoCompetition {
        /// A sentence.
        reason: String,
    },
    /// No push message can be sent to this address.
    #[error("the browser's address cannot be used: {reason}")]
    BadPushAddress {
        /// The error, in a clause.
        reason: String,
    },
    /// As many browsers are told as may be.
    #[error("this node has no room for another browser: try again once another player stops")]
    SubscribersFull,
    /// A file beside the chain could not be read or written.
    #[error("the node's home cannot be used: {message}")]
    Home {
        /// The error, in a sentence.
        message: String,
    },
    /// A URL names no node that can be dialled.
    #[error("got `{url}`, wanted a node's URL such as http://localhost:9001: {reason}")]
    UnusableUrl {
        /// The URL given.
        url: String,
        /// The error, in a sentence.
        reason: String,
    },
    /// The list of registered nodes is full.
    #[error(
        "{registered} nodes are registered and {new} more are named: a node keeps {limit} at most"
    )]
    TooManyNodes {
        /// The most that are kept.
        limit: usize,
        /// The number of those that are registered.
        registered: usize,
        /// The number of those that would be new.
        new: usize,
    },
    /// The id is of no template that a node made.
    #[error(
        "`template` is not a template's id: give the `id` of an answer of /api/v1/mining/template"
    )]
    NoTemplate,
    /// The template is not kept any more: the chain has moved on, or the node was started anew.
    #[error("the template is out of date: the chain has moved on, take the next template")]
    Stale,
    /// The header may not carry this time.
    #[error("got `time` {got}, wanted one from {min} to {max}, in unix seconds")]
    BadTime {
        /// The one given.
        got: u32,
        /// The earliest.
        min: u64,
        /// The latest.
        max: u64,
    },
}
