//! The messages between nodes: borsh, every list bounded while it is decoded.

use bolao_finality::Message;
use bolao_headers::Rank;
use bolao_ledger::{
    AccountId, Block, BlockHash, BlockId, Header, Height, PoolId, Signature, Statement, Ticket,
    Transaction, TxId, UnixSeconds, ValidatorKey, Work,
};
use bolao_openings::{Kept, SealId};
use bolao_store::Certificate;
use borsh::{BorshDeserialize, BorshSerialize, io};

/// The most hashes of a locator.
pub const MAX_LOCATOR: usize = 64;
/// The most headers of an answer.
pub const MAX_HEADERS: usize = 2_000;
/// The most blocks of a request.
pub const MAX_BLOCKS: usize = 64;
/// The most transactions asked for or pushed at once.
pub const MAX_TRANSACTIONS: usize = 1_024;
/// The most ids of waiting transactions in an answer.
pub const MAX_PENDING_IDS: usize = 16_384;
/// The most seals of an answer that says which openings a node keeps.
pub const MAX_KEPT_IDS: usize = 512;
/// The most openings asked for or pushed at once.
pub const MAX_KEPT: usize = 32;
/// The most messages of validators sent at once.
pub const MAX_VOTES: usize = 64;
/// The most messages of one validator in an answer that tells what it signed.
pub(crate) const MAX_TOLD: usize = 1_024;
/// The most sentences about links in an answer.
pub const MAX_SAID: usize = 64;
/// The longest of them, in bytes.
pub const MAX_SAID_BYTES: usize = 512;
/// The longest encoded block of any pool, in bytes, as genesis rules bound it.
const MAX_BLOCK_BYTES: usize = 8_000_000;

/// The status of a node: where it stands.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Status {
    /// The pool of the node.
    pub pool: PoolId,
    /// The last block of its chain.
    #[borsh(
        serialize_with = "BlockId::write_hash_first",
        deserialize_with = "BlockId::read_hash_first"
    )]
    pub tip: BlockId,
    /// The work of its chain.
    #[borsh(serialize_with = "Work::write_be", deserialize_with = "Work::read_be")]
    pub work: Work,
    /// The sender's clock in unix seconds. Programs of before 1.0 put the number of waiting transactions here, which is
    /// small, and read nothing from it.
    pub time: u32,
    /// The exclusive or of the ids of the waiting transactions.
    pub pending_digest: [u8; 32],
}

/// September 2001: a smaller time is no time.
const FIRST_TIME: u32 = 1_000_000_000;

impl Status {
    /// The sender's clock, if it gives it.
    pub(crate) fn clock(&self) -> Option<UnixSeconds> {
        (self.time >= FIRST_TIME).then_some(UnixSeconds(self.time.into()))
    }

    /// The number of seconds by which the sender's clock is ahead of `now`, negative if it is behind; none if it does not give
    /// it.
    pub fn clock_ahead_s(&self, now: UnixSeconds) -> Option<i64> {
        let clock = self.clock()?;
        clock.0.checked_signed_diff(now.0)
    }

    /// The status that says nothing: what a stranger is told of where a node stands.
    #[must_use]
    pub fn blank(pool: PoolId, time: u32) -> Self {
        Self {
            pool,
            tip: BlockId {
                height: Height::ZERO,
                hash: pool.into(),
            },
            work: Work::from_be_bytes([0; 32]),
            time,
            pending_digest: [0; 32],
        }
    }

    /// Whether it says nothing: every chain has some work.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.work == Work::from_be_bytes([0; 32])
    }

    /// The rank of the chain that this claims.
    pub(crate) const fn rank(&self) -> Rank {
        Rank::new(self.work, self.tip.hash)
    }
}

/// The question what a validator's key signed for a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Question {
    /// The validator's key.
    pub by: ValidatorKey,
    /// The vote's number.
    pub number: Height,
    /// Unlike that of any question before.
    pub nonce: [u8; 32],
}

/// A request of one node to another.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Request {
    /// "Here is where I stand; where do you?"
    Status(Status),
    /// The headers of the best chain after the first of these hashes that is on it.
    Headers {
        /// Hashes of the asker's chain, the highest first, ending in genesis.
        #[borsh(deserialize_with = "read_list::<_, _, MAX_LOCATOR>")]
        locator: Vec<BlockHash>,
        /// At most so many.
        limit: u32,
    },
    /// Bodies. The answer ends where it would become too long or at the first unknown one.
    Blocks {
        /// Of these blocks.
        #[borsh(deserialize_with = "read_list::<_, _, MAX_BLOCKS>")]
        hashes: Vec<BlockHash>,
    },
    /// The ids of what waits.
    PendingIds {},
    /// Waiting transactions; unknown ones are left out of the answer.
    Transactions {
        /// Of these ids.
        #[borsh(deserialize_with = "read_list::<_, _, MAX_TRANSACTIONS>")]
        ids: Vec<TxId>,
    },
    /// Transactions that the other may not have.
    PushTransactions(
        #[borsh(deserialize_with = "read_list::<_, _, MAX_TRANSACTIONS>")] Vec<Transaction>,
    ),
    /// A block that the other may not have. Where validators make the blocks, it is one that they may decide.
    PushBlock(Box<Block>),
    /// Messages of validators ([`bolao_finality::Message`]).
    Votes(#[borsh(deserialize_with = "read_votes")] Vec<Vec<u8>>),
    /// The final blocks from a height on, with their certificates.
    Finals {
        /// The height of the first.
        from: Height,
    },
    /// Of which seals the other keeps openings.
    KeptIds {
        /// The seals behind this one, in order.
        after: Option<SealId>,
    },
    /// The openings that the other keeps of these seals; unknown ones are left out of the answer.
    Kept {
        /// The seals that are asked about.
        #[borsh(deserialize_with = "read_list::<_, _, MAX_KEPT>")]
        seals: Vec<SealId>,
    },
    /// Openings of which the other may not have all.
    PushKept(#[borsh(deserialize_with = "read_list::<_, _, MAX_KEPT>")] Vec<Kept>),
    /// "What have you heard that this key signed?"
    Told(Question),
    /// The other's collection of what players' nodes say of the pool's links. It is of no chain: the node answers it, not the core.
    Said {},
    /// "My player may look." The node answers it, not the core.
    Pass(Pass),
}

/// A node's proof that its player may see what only players see. It names nobody: who reads it knows the players, or learns nothing.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pass {
    /// When it was signed, by that node's clock.
    pub time: UnixSeconds,
    /// The player's signature over pool, time and the words for this node.
    pub signature: Signature,
    /// The way in of somebody who has not joined yet.
    pub invited: Option<TicketProof>,
}

/// A proof that a node holds a ticket with its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct TicketProof {
    /// The ticket.
    pub ticket: Ticket,
    /// An organiser's signature over it.
    pub organiser_signature: Signature,
    /// The ticket key's signature over the same as the player's.
    pub signature: Signature,
}

/// A sentence of a player's node about a link of the pool, signed with the player's key.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Said {
    /// The player.
    pub account: AccountId,
    /// When it was said, by that node's clock.
    pub time: UnixSeconds,
    /// The sentence.
    #[borsh(deserialize_with = "read_bytes::<_, MAX_SAID_BYTES>")]
    pub text: Vec<u8>,
    /// The player's signature over pool, time and text.
    pub signature: Signature,
}

/// A statement, with its validator and its signature.
pub type Signed = (ValidatorKey, Statement, Signature);

/// A final block and its certificate, both encoded.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CertifiedBlock {
    /// The encoded block.
    #[borsh(deserialize_with = "read_bytes::<_, MAX_BLOCK_BYTES>")]
    pub block: Vec<u8>,
    /// The encoded certificate.
    #[borsh(deserialize_with = "read_bytes::<_, { Certificate::MAX_BYTES }>")]
    pub certificate: Vec<u8>,
}

/// The messages that a key was heard to sign for a vote.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Told {
    /// All that was heard, in the order of its bytes.
    #[borsh(deserialize_with = "read_told")]
    pub messages: Vec<Vec<u8>>,
    /// A validator's word that this is all.
    pub signed: Option<Signed>,
}

/// An answer of one node to another.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Response {
    /// The answer to [`Request::Status`].
    Status(Status),
    /// To [`Request::Headers`]: each builds on the one before.
    Headers(#[borsh(deserialize_with = "read_list::<_, _, MAX_HEADERS>")] Vec<Header>),
    /// To [`Request::Blocks`]: encoded blocks in the order asked for.
    Blocks(#[borsh(deserialize_with = "read_blocks")] Vec<Vec<u8>>),
    /// The answer to [`Request::PendingIds`].
    PendingIds(#[borsh(deserialize_with = "read_list::<_, _, MAX_PENDING_IDS>")] Vec<TxId>),
    /// The answer to [`Request::Transactions`].
    Transactions(
        #[borsh(deserialize_with = "read_list::<_, _, MAX_TRANSACTIONS>")] Vec<Transaction>,
    ),
    /// An acknowledgement: what was pushed has been handled.
    Ack,
    /// A refusal of the request.
    Refused,
    /// To [`Request::Finals`]: each on the one before.
    Finals(#[borsh(deserialize_with = "read_list::<_, _, MAX_BLOCKS>")] Vec<CertifiedBlock>),
    /// To [`Request::Votes`]: nothing in them was new.
    Known,
    /// To [`Request::KeptIds`]: the seals in order, each with the hash of what is kept.
    KeptIds(#[borsh(deserialize_with = "read_list::<_, _, MAX_KEPT_IDS>")] Vec<(SealId, [u8; 32])>),
    /// The answer to [`Request::Kept`].
    Kept(#[borsh(deserialize_with = "read_list::<_, _, MAX_KEPT>")] Vec<Kept>),
    /// The answer to [`Request::Told`].
    Told(Told),
    /// The answer to [`Request::Said`].
    Said(#[borsh(deserialize_with = "read_list::<_, _, MAX_SAID>")] Vec<Said>),
    /// A refusal to strangers: the asker is to show a pass.
    PassNeeded,
}

impl Request {
    /// Whether the core must answer it; the others are [`crate::serve`]d from a snapshot.
    #[must_use]
    pub const fn needs_core(&self) -> bool {
        matches!(
            self,
            Self::Status(_)
                | Self::PushTransactions(_)
                | Self::PushBlock(_)
                | Self::PushKept(_)
                | Self::Votes(_)
                | Self::Told(_)
        )
    }

    /// Whether it is taken of a stranger: where it gives something, or says where its sender stands.
    #[must_use]
    pub const fn is_taken_of_strangers(&self) -> bool {
        match self {
            Self::Status(_)
            | Self::PushTransactions(_)
            | Self::PushBlock(_)
            | Self::Votes(_)
            | Self::PushKept(_)
            | Self::Pass(_) => true,
            Self::Headers { .. }
            | Self::Blocks { .. }
            | Self::PendingIds {}
            | Self::Transactions { .. }
            | Self::Finals { .. }
            | Self::KeptIds { .. }
            | Self::Kept { .. }
            | Self::Told(_)
            | Self::Said {} => false,
        }
    }

    /// The part of it that a stranger may be sent: what asks, without what this node has. `None` where it would tell of the pool.
    ///
    /// # Rule Y4: a stranger is sent nothing unasked but questions that say nothing of the chain.
    #[must_use]
    pub fn for_stranger(self) -> Option<Self> {
        match self {
            Self::Status(status) => Some(Self::Status(Status::blank(status.pool, status.time))),
            Self::Headers { .. }
            | Self::Blocks { .. }
            | Self::PendingIds {}
            | Self::Transactions { .. }
            | Self::Finals { .. }
            | Self::Told(_)
            | Self::Said {}
            | Self::Pass(_) => Some(self),
            Self::PushTransactions(_)
            | Self::PushBlock(_)
            | Self::Votes(_)
            | Self::KeptIds { .. }
            | Self::Kept { .. }
            | Self::PushKept(_) => None,
        }
    }
}

impl Response {
    /// The answer that a stranger gets in its place.
    ///
    /// # Rule Y4: it is answered only that something was taken or refused, or that a pass is needed.
    #[must_use]
    pub fn for_stranger(self) -> Self {
        match self {
            Self::Ack | Self::Refused | Self::Known | Self::PassNeeded => self,
            Self::Status(_)
            | Self::Headers(_)
            | Self::Blocks(_)
            | Self::PendingIds(_)
            | Self::Transactions(_)
            | Self::Finals(_)
            | Self::KeptIds(_)
            | Self::Kept(_)
            | Self::Told(_)
            | Self::Said(_) => Self::PassNeeded,
        }
    }
}

fn read_length<R: io::Read>(reader: &mut R, max: usize) -> io::Result<usize> {
    let got = u32::deserialize_reader(reader)?;
    usize::try_from(got)
        .ok()
        .filter(|got| *got <= max)
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("got a length of {got}, wanted at most {max}"),
            )
        })
}

/// A list of at most `MAX` items; memory grows with the bytes that are there, not with the length announced.
fn read_list<R: io::Read, T: BorshDeserialize, const MAX: usize>(
    reader: &mut R,
) -> io::Result<Vec<T>> {
    let length = read_length(reader, MAX)?;
    let mut items = Vec::new();
    for _ in 0..length {
        items.push(T::deserialize_reader(reader)?);
    }
    Ok(items)
}

/// At most `MAX` bytes.
fn read_bytes<R: io::Read, const MAX: usize>(reader: &mut R) -> io::Result<Vec<u8>> {
    let length = read_length(reader, MAX)?;
    let mut bytes = Vec::new();
    let wanted = u64::try_from(length).unwrap_or(u64::MAX);
    if io::Read::read_to_end(&mut io::Read::take(&mut *reader, wanted), &mut bytes)? != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// At most `MAX` times at most `MAX_EACH` bytes.
fn read_all<R: io::Read, const MAX: usize, const MAX_EACH: usize>(
    reader: &mut R,
) -> io::Result<Vec<Vec<u8>>> {
    let count = read_length(reader, MAX)?;
    (0..count)
        .map(|_| read_bytes::<_, MAX_EACH>(reader))
        .collect()
}

fn read_blocks<R: io::Read>(reader: &mut R) -> io::Result<Vec<Vec<u8>>> {
    read_all::<_, MAX_BLOCKS, MAX_BLOCK_BYTES>(reader)
}

fn read_votes<R: io::Read>(reader: &mut R) -> io::Result<Vec<Vec<u8>>> {
    read_all::<_, MAX_VOTES, { Message::MAX_BYTES }>(reader)
}

fn read_told<R: io::Read>(reader: &mut R) -> io::Result<Vec<Vec<u8>>> {
    read_all::<_, MAX_TOLD, { Message::MAX_BYTES }>(reader)
}
