//! What certificates of validators prove: that a block is final. Genesis names the first validators, and each final block after
//! which others vote is signed by those before it and names those after it, so that nobody needs the blocks in between.
//!
//! - In `pos` every block has a certificate. In `hybrid` checkpoints have: a change made by a block between two of them is named by
//!   the upper one. A block is final by a final block that is not below it, to which all headers lead.
//! - Whoever holds the keys of more than two thirds of the weight of one set can sign another history from there on, at any time, and
//!   name whom they like in it: so a file alone never proves more than the weakest set on the way to its block ([`Deciders`]).
//! - A key is an account's only by genesis or by an offer that both signed (V11): so nobody is named for a key of somebody else.

use std::collections::BTreeSet;

use bolao_headers::HeaderError;
use bolao_ledger::{
    AccountId, Action, BlockHash, BlockId, Certificate, Coinbase, Decided, Decision, Genesis,
    HEADER_BYTES, Header, Height, PoolId, Transaction, UnixSeconds, Validator, ValidatorKey,
    ValidatorSet, actions, decode, encode,
};

use crate::{
    deciders::Deciders,
    error::SlipError,
    form::{SLIP_CHANGES_MAX, becomes_final},
    found::{Found, Proven, ProvenVotes},
    headers::unpack,
    path::root_of,
    slip::{SetChanged, SignedHeader},
    work,
};

/// A chain as far as a file shows it: the last block that it has proven, and who votes on what comes next.
pub(crate) struct Voters<'a> {
    genesis: &'a Genesis,
    pool: PoolId,
    /// All headers from genesis on, where the file has them.
    headers: Option<&'a [Header]>,
    /// The number of the last vote.
    number: Height,
    /// The last block that they decided.
    block: BlockId,
    time: UnixSeconds,
    pub(crate) set: ValidatorSet,
    /// The account of each key, as far as that is shown.
    owners: BTreeSet<(AccountId, ValidatorKey)>,
    /// The validators that voted before.
    pub(crate) deciders: Vec<Deciders>,
    /// The blocks after which others voted.
    pub(crate) changed: Vec<(Height, BlockHash)>,
}

/// The accounts and keys that have a vote, if each set follows from the one before.
pub(crate) fn voters_of<'a>(
    genesis: &'a Genesis,
    pool: PoolId,
    number: Height,
    changes: &[SetChanged],
) -> Result<Voters<'a>, SlipError> {
    Voters::first(genesis, pool, None)?.after(changes, number)
}

/// Checks that the headers are a chain whose last block the validators signed: so all of it is final.
pub(crate) fn find(
    genesis: &Genesis,
    pool: PoolId,
    height: Height,
    packed: &[u8],
    block: &SignedHeader,
    changes: &[SetChanged],
) -> Result<Found, SlipError> {
    let headers = unpack(genesis, packed)?;
    let top = Height(u64::try_from(headers.len()).unwrap_or(u64::MAX) - 1);
    let last = header_of(top, block)?;
    work::ends_with(&headers, last.hash())?;
    let found = work::find(genesis, height, &headers)?;
    let number = decided(genesis, top, last.hash(), &block.certificate)?.height;
    let first = Voters::first(genesis, pool, Some(&headers))?;
    let voters = first.after(changes, number)?;
    let mut proven = voters.prove(top, block, changes.len())?;
    // Those who came to vote above the slip's block cannot have made it up.
    proven.deciders.retain(|deciders| deciders.since < height);
    Ok(Found {
        proven: Proven::Votes(proven),
        ..found
    })
}

fn header_of(height: Height, block: &SignedHeader) -> Result<Header, SlipError> {
    let bytes: &[u8; HEADER_BYTES] = block.header.as_slice().try_into().map_err(|_| {
        let got = block.header.len();
        SlipError::HeaderBytes { height, got }
    })?;
    Ok(Header::from_bytes(bytes))
}

/// Reads the decision on a final block from the bytes beside it: in `pos` the certificate of the vote with the number of its
/// height, in `hybrid` the decision, the number of its vote and the certificate.
fn decided(
    genesis: &Genesis,
    height: Height,
    hash: BlockHash,
    bytes: &[u8],
) -> Result<Decided, SlipError> {
    let unread = |reason| SlipError::CertificateEncoding { height, reason };
    let (decided, again) = if becomes_final(genesis) {
        let decided = Decided::read(bytes).map_err(|error| unread(error.to_string()))?;
        let again = encode(&decided);
        (decided, again)
    } else {
        let certificate = Certificate::read(bytes).map_err(|error| unread(error.to_string()))?;
        let again = encode(&certificate);
        let decided = Decided {
            height,
            decision: Decision::plain(height, hash),
            certificate,
        };
        (decided, again)
    };
    // One form for each certificate: the keys in their order.
    if again != bytes {
        return Err(SlipError::Form);
    }
    let got = decided.decision;
    if (got.height, got.hash) != (height, hash) {
        return Err(SlipError::OtherDecision { height, hash, got });
    }
    Ok(decided)
}

impl<'a> Voters<'a> {
    fn first(
        genesis: &'a Genesis,
        pool: PoolId,
        headers: Option<&'a [Header]>,
    ) -> Result<Self, SlipError> {
        let first = genesis.consensus.validators().to_vec();
        // Genesis names them, and the pool's id is its hash.
        let mut owners = BTreeSet::new();
        // Collecting sorts first, which is more code for the page.
        for one in &first {
            owners.insert((one.account, one.key));
        }
        let set = ValidatorSet::new(first).map_err(|error| SlipError::BadRules {
            reason: error.to_string(),
        })?;
        Ok(Self {
            genesis,
            pool,
            headers,
            number: Height::ZERO,
            block: BlockId {
                height: Height::ZERO,
                hash: pool.into(),
            },
            time: genesis.created,
            set,
            owners,
            deciders: Vec::new(),
            changed: Vec::new(),
        })
    }

    /// Goes on with the validators after all changes by votes below a number.
    fn after(mut self, changes: &[SetChanged], below: Height) -> Result<Self, SlipError> {
        if changes.len() > SLIP_CHANGES_MAX {
            return Err(SlipError::TooManyChanges);
        }
        for change in changes {
            self.follow(change, below)?;
        }
        Ok(self)
    }

    /// Goes on with the validators after a block.
    fn follow(&mut self, change: &SetChanged, below: Height) -> Result<(), SlipError> {
        let coinbase: Coinbase = decode(&change.coinbase).map_err(|error| {
            let reason = error.to_string();
            SlipError::CoinbaseEncoding { reason }
        })?;
        let height = coinbase.height;
        let header = header_of(height, &change.block)?;
        let decided = decided(
            self.genesis,
            height,
            header.hash(),
            &change.block.certificate,
        )?;
        let number = decided.height;
        if number <= self.number || number >= below {
            return Err(SlipError::ChangeVote {
                got: number,
                above: self.number,
                below,
            });
        }
        self.check(&header, &decided)?;
        if root_of(coinbase.witness_id(), 0, &change.path)? != header.merkle_root {
            return Err(SlipError::ChangePath { height });
        }
        let set: ValidatorSet = decode(&change.validators).map_err(|error| {
            let reason = error.to_string();
            SlipError::SetEncoding { height, reason }
        })?;
        // # Rule Q11: the coinbase's message begins with the hash of those who vote after the block.
        if !coinbase.message.starts_with(&set.hash().0) {
            return Err(SlipError::OtherSet { height });
        }
        // One form for each proof: a block that changes nothing has no place in it.
        if set == self.set {
            return Err(SlipError::NoChange { height });
        }
        self.take_offers(height, &change.offers, set.validators())?;
        self.deciders
            .push(Deciders::of(&self.set, self.block.height, height));
        self.changed.push((height, header.hash()));
        self.number = number;
        self.block = BlockId {
            height,
            hash: header.hash(),
        };
        self.time = header.time();
        self.set = set;
        Ok(())
    }

    /// # Rule V11: each key that is new with an account has its offer, which the account and the key signed.
    fn take_offers(
        &mut self,
        height: Height,
        bytes: &[u8],
        validators: &[Validator],
    ) -> Result<(), SlipError> {
        let offers: Vec<Transaction> = decode(bytes).map_err(|error| {
            let reason = error.to_string();
            SlipError::OffersEncoding { height, reason }
        })?;
        let mut offers = offers.into_iter();
        for one in validators {
            if !self.owners.insert((one.account, one.key)) {
                continue;
            }
            let of_both = |offer: &Transaction| {
                offer.body.account == one.account
                    && matches!(offer.body.action, Action::Offer(actions::Offer { key, .. }) if key == one.key)
            };
            let offer = offers.next().filter(of_both);
            let signed = offer.map(|offer| offer.check(self.genesis, self.pool));
            if !matches!(signed, Some(Ok(_))) {
                return Err(SlipError::NotOffered {
                    height,
                    account: one.account,
                    key: one.key,
                });
            }
        }
        // One form for each proof.
        match offers.next() {
            Some(_) => Err(SlipError::Form),
            None => Ok(()),
        }
    }

    /// Gives what the certificate of a block proves, if those who vote signed it.
    fn prove(
        mut self,
        height: Height,
        block: &SignedHeader,
        changes: usize,
    ) -> Result<ProvenVotes, SlipError> {
        let header = header_of(height, block)?;
        let decided = decided(self.genesis, height, header.hash(), &block.certificate)?;
        self.check(&header, &decided)?;
        let signers = decided.certificate.signatures.keys();
        let weights = signers.filter_map(|key| Some(self.set.get(key)?.weight));
        self.deciders
            .push(Deciders::of(&self.set, self.block.height, height));
        Ok(ProvenVotes {
            signed: height,
            contested: decided.decision.contested,
            signers: decided.certificate.signatures.len(),
            validators: self.set.validators().len(),
            weight: weights.sum(),
            total: self.set.total(),
            changes,
            deciders: self.deciders,
        })
    }

    /// Checks that a block above may be there, and that those who vote signed it.
    fn check(&self, header: &Header, decided: &Decided) -> Result<(), SlipError> {
        let height = decided.decision.height;
        if let Some(headers) = self.headers {
            let place = usize::try_from(height.0).unwrap_or(usize::MAX);
            if headers.get(place) != Some(header) {
                return Err(SlipError::ChangeElsewhere { height });
            }
        } else if !becomes_final(self.genesis) {
            self.check_header(height, header)
                .map_err(|source| SlipError::Header { height, source })?;
        }
        decided
            .verify(&self.set, self.pool)
            .map_err(|source| SlipError::Certificate { height, source })
    }

    /// # Rule F6: the header keeps B1, B8 and B9, as far as the blocks under it are known here.
    fn check_header(&self, height: Height, header: &Header) -> Result<(), HeaderError> {
        let (hash, parent) = (header.hash(), header.previous);
        if height == self.number.next() && parent != self.block.hash {
            return Err(HeaderError::UnknownParent { hash, parent });
        }
        let wanted = self.genesis.proof().initial_bits();
        if header.bits() != wanted {
            return Err(HeaderError::BadTarget {
                hash,
                got: header.bits().to_consensus(),
                wanted: wanted.to_consensus(),
            });
        }
        let (got, wanted) = (header.time(), self.time);
        if got < wanted {
            return Err(HeaderError::TimeTooOld { hash, got, wanted });
        }
        Ok(())
    }
}
