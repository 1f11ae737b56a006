//! What certificates of validators prove: that a block is final. Genesis names the first validators, and each block after
//! which others vote is signed by those before it and names those after it, so that nobody needs the blocks in between.

use bolao_headers::HeaderError;
use bolao_ledger::{
    BlockHash, Certificate, Coinbase, Decision, Genesis, HEADER_BYTES, Header, Height, PoolId,
    UnixSeconds, ValidatorSet, decode, encode,
};

use crate::{
    error::SlipError,
    path::root_of,
    slip::{SLIP_CHANGES_MAX, SetChanged, SignedHeader},
    verify::{Found, Proven},
};

/// Validators of more than two thirds of the weight signed that the block is final.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProvenVotes {
    /// How many validators signed.
    pub signers: usize,
    /// How many there were.
    pub validators: usize,
    /// The weight of those who signed.
    pub weight: u64,
    /// The weight of all.
    pub total: u64,
    /// How often the validators had changed since genesis.
    pub changes: usize,
}

/// A chain as far as a slip shows it: the last block that it has proven, and who votes on what comes next.
struct Voters<'a> {
    genesis: &'a Genesis,
    pool: PoolId,
    height: Height,
    hash: BlockHash,
    time: UnixSeconds,
    set: ValidatorSet,
}

/// The validators of a height, if each set follows from the one before.
pub(crate) fn set_below(
    genesis: &Genesis,
    pool: PoolId,
    height: Height,
    changes: &[SetChanged],
) -> Result<ValidatorSet, SlipError> {
    Ok(voters(genesis, pool, height, changes)?.set)
}

fn voters<'a>(
    genesis: &'a Genesis,
    pool: PoolId,
    height: Height,
    changes: &[SetChanged],
) -> Result<Voters<'a>, SlipError> {
    if changes.len() > SLIP_CHANGES_MAX {
        return Err(SlipError::TooManyChanges);
    }
    let mut voters = Voters::first(genesis, pool)?;
    for change in changes {
        voters.follow(change, height)?;
    }
    Ok(voters)
}

/// Checks that each set of validators follows from the one before, and that the last one signed the block.
pub(crate) fn find(
    genesis: &Genesis,
    pool: PoolId,
    height: Height,
    block: &SignedHeader,
    changes: &[SetChanged],
) -> Result<Found, SlipError> {
    let voters = voters(genesis, pool, height, changes)?;
    let (header, certificate) = voters.check(height, block)?;
    let weights = certificate.signatures.keys();
    let weights = weights.filter_map(|key| Some(voters.set.get(key)?.weight));
    Ok(Found {
        header,
        clock: header.time(),
        newest: header.time(),
        proven: Proven::Votes(ProvenVotes {
            signers: certificate.signatures.len(),
            validators: voters.set.validators().len(),
            weight: weights.sum(),
            total: voters.set.total(),
            changes: changes.len(),
        }),
    })
}

impl<'a> Voters<'a> {
    fn first(genesis: &'a Genesis, pool: PoolId) -> Result<Self, SlipError> {
        let voting = genesis.consensus.voting();
        let first = voting.map_or_else(Vec::new, |voting| voting.validators.clone());
        let set = ValidatorSet::new(first).map_err(|error| SlipError::BadRules {
            reason: error.to_string(),
        })?;
        Ok(Self {
            genesis,
            pool,
            height: Height::ZERO,
            hash: pool.into(),
            time: genesis.created,
            set,
        })
    }

    /// Goes on with the validators after a block.
    fn follow(&mut self, change: &SetChanged, below: Height) -> Result<(), SlipError> {
        let coinbase: Coinbase = decode(&change.coinbase).map_err(|error| {
            let reason = error.to_string();
            SlipError::CoinbaseEncoding { reason }
        })?;
        let height = coinbase.height;
        if height <= self.height || height >= below {
            return Err(SlipError::ChangeHeight {
                got: height,
                above: self.height,
                below,
            });
        }
        let (header, _) = self.check(height, &change.block)?;
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
        *self = Self {
            height,
            hash: header.hash(),
            time: header.time(),
            set,
            ..*self
        };
        Ok(())
    }

    /// The header of a block above, if those who vote signed it, with its certificate.
    fn check(
        &self,
        height: Height,
        block: &SignedHeader,
    ) -> Result<(Header, Certificate), SlipError> {
        let bytes: &[u8; HEADER_BYTES] = block.header.as_slice().try_into().map_err(|_| {
            let got = block.header.len();
            SlipError::HeaderBytes { height, got }
        })?;
        let header = Header::from_bytes(bytes);
        self.check_header(height, &header)
            .map_err(|source| SlipError::Header { height, source })?;
        let certificate: Certificate = decode(&block.certificate).map_err(|error| {
            let reason = error.to_string();
            SlipError::CertificateEncoding { height, reason }
        })?;
        // One form for each certificate: the keys in their order.
        if encode(&certificate) != block.certificate {
            return Err(SlipError::Form);
        }
        let decision = Decision::plain(height, header.hash());
        certificate
            .verify(&self.set, self.pool, height, decision)
            .map_err(|source| SlipError::Certificate { height, source })?;
        Ok((header, certificate))
    }

    /// # Rule F6: the header keeps B1, B8 and B9, as far as the blocks under it are known here.
    fn check_header(&self, height: Height, header: &Header) -> Result<(), HeaderError> {
        let (hash, parent) = (header.hash(), header.previous);
        if height == self.height.next() && parent != self.hash {
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
