//! How a block stands in its entry.

use bolao_ledger::{
    AccountId, Block, BlockHash, Certificate, Coinbase, HEADER_BYTES, Header, Height, Signature,
    ValidatorKey, decode, encode,
};

use crate::compact::{Bytes, put, put_bytes};

/// The most blocks by which a model is below.
pub(super) const MAX_BACK: u64 = 255;

/// The kinds of coinbases in entries.
mod coinbase {
    pub(super) const FULL: u8 = 0;
    pub(super) const AS_MODEL: u8 = 1;
    /// By another account than the model's.
    pub(super) const OF_ACCOUNT: u8 = 2;
}

/// The kinds of certificates in entries.
mod proof {
    pub(super) const NONE: u8 = 0;
    pub(super) const FULL: u8 = 1;
    /// With the signers by their places in the model's.
    pub(super) const AS_MODEL: u8 = 2;
}

/// The part of a block that others have in common with it.
pub(crate) struct Model {
    height: u64,
    coinbase: Coinbase,
    signers: Vec<ValidatorKey>,
}

enum StoredCoinbase<'b> {
    Full(&'b [u8]),
    AsModel {
        height: u64,
        back: u64,
        account: Option<AccountId>,
    },
}

enum StoredProof<'b> {
    None,
    Full(&'b [u8]),
    /// The round, and what follows it: the signers with their signatures.
    AsModel(u32, &'b [u8]),
}

/// An entry, by its parts.
pub(crate) struct Stored<'b> {
    header: &'b [u8; HEADER_BYTES],
    maker: StoredCoinbase<'b>,
    transactions: &'b [u8],
    proof: StoredProof<'b>,
    pub(super) arrivals: &'b [u8],
    /// The tables of the state that the block changed.
    pub(super) tables: &'b [u8],
}

impl<'b> StoredCoinbase<'b> {
    fn read(bytes: &mut Bytes<'b>) -> Option<Self> {
        Some(match bytes.byte()? {
            coinbase::FULL => Self::Full(bytes.bytes()?),
            kind @ (coinbase::AS_MODEL | coinbase::OF_ACCOUNT) => Self::AsModel {
                height: bytes.number()?,
                back: bytes.number()?,
                account: match kind {
                    coinbase::OF_ACCOUNT => Some(AccountId(*bytes.array()?)),
                    _ => None,
                },
            },
            _ => return None,
        })
    }
}

/// The height of a block, by the bytes behind its header in an entry.
pub(crate) fn height_in_entry(behind: &[u8]) -> Option<Height> {
    match StoredCoinbase::read(&mut Bytes(behind))? {
        StoredCoinbase::Full(bytes) => Some(decode::<Coinbase>(bytes).ok()?.height),
        StoredCoinbase::AsModel { height, .. } => Some(Height(height)),
    }
}

impl<'b> Stored<'b> {
    /// Reads an entry, whatever stands behind it.
    pub(crate) fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let header = bytes.array()?;
        let maker = StoredCoinbase::read(&mut bytes)?;
        let transactions = bytes.bytes()?;
        let proof = match bytes.byte()? {
            proof::NONE => StoredProof::None,
            proof::FULL => StoredProof::Full(bytes.bytes()?),
            proof::AS_MODEL => {
                let round = u32::try_from(bytes.number()?).ok()?;
                StoredProof::AsModel(round, bytes.bytes()?)
            }
            _ => return None,
        };
        let (arrivals, tables) = (bytes.bytes()?, bytes.bytes()?);
        Some(Self {
            header,
            maker,
            transactions,
            proof,
            arrivals,
            tables,
        })
    }

    pub(crate) fn header(&self) -> Header {
        Header::from_bytes(self.header)
    }

    pub(crate) fn hash(&self) -> BlockHash {
        self.header().hash()
    }

    /// By how many blocks its model is below; nothing if it can be one itself.
    pub(crate) fn back(&self) -> Option<u64> {
        match self.maker {
            StoredCoinbase::Full(_) => None,
            StoredCoinbase::AsModel { back, .. } => Some(back),
        }
    }

    pub(crate) fn as_model(&self) -> Option<Model> {
        let StoredCoinbase::Full(bytes) = self.maker else {
            return None;
        };
        let coinbase: Coinbase = decode(bytes).ok()?;
        let certificate = match self.proof {
            StoredProof::Full(bytes) => decode::<Certificate>(bytes).unwrap_or_default(),
            _ => Certificate::default(),
        };
        Some(Model {
            height: coinbase.height.0,
            coinbase,
            signers: certificate.signatures.into_keys().collect(),
        })
    }

    /// The block as it is encoded elsewhere.
    pub(crate) fn block_bytes(&self, model: Option<&Model>) -> Option<Vec<u8>> {
        let coinbase = match &self.maker {
            StoredCoinbase::Full(bytes) => bytes.to_vec(),
            StoredCoinbase::AsModel {
                height, account, ..
            } => {
                let model = &model?.coinbase;
                encode(&Coinbase {
                    height: Height(*height),
                    miner: account.unwrap_or(model.miner),
                    message: model.message.clone(),
                    extra_nonce: model.extra_nonce,
                })
            }
        };
        Some([self.header, coinbase.as_slice(), self.transactions].concat())
    }

    pub(super) const fn is_proven(&self) -> bool {
        !matches!(self.proof, StoredProof::None)
    }

    /// The proof that the block is final, if that is here and can be read.
    pub(crate) fn certificate(&self, model: Option<&Model>) -> Option<Vec<u8>> {
        let (round, signed) = match self.proof {
            StoredProof::None => return None,
            StoredProof::Full(bytes) => return Some(bytes.to_vec()),
            StoredProof::AsModel(round, signed) => (round, signed),
        };
        let (signers, mut bytes) = (&model?.signers, Bytes(signed));
        let mut certificate = Certificate {
            round,
            ..Certificate::default()
        };
        while !bytes.0.is_empty() {
            let key = match usize::from(bytes.byte()?).checked_sub(1) {
                Some(place) => *signers.get(place)?,
                None => ValidatorKey(*bytes.array()?),
            };
            certificate
                .signatures
                .insert(key, Signature(*bytes.array()?));
        }
        Some(encode(&certificate))
    }

    /// The same entry with another end: a certificate in place of none, or other tables.
    pub(super) fn rewritten(
        &self,
        certificate: Option<&[u8]>,
        tables: &[u8],
        model: Option<&Model>,
    ) -> Option<Vec<u8>> {
        let block = decode(&self.block_bytes(model)?).ok()?;
        let own = self.certificate(model);
        let certificate = certificate.or(own.as_deref());
        let beside = (self.arrivals, tables);
        Some(entry_bytes(&block, certificate, beside, model))
    }
}

fn put_coinbase(out: &mut Vec<u8>, (height, back): (u64, u64), account: Option<AccountId>) {
    out.push(account.map_or(coinbase::AS_MODEL, |_| coinbase::OF_ACCOUNT));
    put(out, height);
    put(out, back);
    out.extend(account.iter().flat_map(|account| account.0));
}

fn put_proof(out: &mut Vec<u8>, certificate: Option<&[u8]>, model: Option<&Model>) {
    let Some(bytes) = certificate else {
        return out.push(proof::NONE);
    };
    // Its bytes come back as they are only if they are those of one that is written as all are.
    let read = decode::<Certificate>(bytes);
    let read = read.ok().filter(|it| encode(it) == bytes);
    let (Some(certificate), Some(model)) = (read, model) else {
        out.push(proof::FULL);
        return put_bytes(out, bytes);
    };
    out.push(proof::AS_MODEL);
    put(out, certificate.round.into());
    let mut signed = Vec::new();
    for (key, signature) in &certificate.signatures {
        let place = model.signers.iter().position(|it| it == key);
        let place = place.and_then(|place| u8::try_from(place.saturating_add(1)).ok());
        signed.push(place.unwrap_or(0));
        if place.is_none() {
            signed.extend(key.0);
        }
        signed.extend(signature.0);
    }
    put_bytes(out, &signed);
}

/// The entry of a block.
pub(super) fn entry_bytes(
    block: &Block,
    certificate: Option<&[u8]>,
    (arrivals, tables): (&[u8], &[u8]),
    model: Option<&Model>,
) -> Vec<u8> {
    let mut out = block.header.to_bytes().to_vec();
    let made = &block.coinbase;
    let alike = |model: &&Model| {
        (&model.coinbase.message, model.coinbase.extra_nonce) == (&made.message, made.extra_nonce)
    };
    let model = model.filter(alike);
    let back = model.and_then(|model| made.height.0.checked_sub(model.height));
    if let Some((model, back)) = model.zip(back) {
        let account = Some(made.miner).filter(|miner| *miner != model.coinbase.miner);
        put_coinbase(&mut out, (made.height.0, back), account);
    } else {
        out.push(coinbase::FULL);
        put_bytes(&mut out, &encode(made));
    }
    put_bytes(&mut out, &encode(&block.transactions));
    put_proof(&mut out, certificate, model);
    put_bytes(&mut out, arrivals);
    put_bytes(&mut out, tables);
    out
}
