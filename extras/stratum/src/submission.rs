//! The parameters of `mining.submit`: worker, job, extranonce2, time, nonce and, with rolled
//! versions, the version's rolled bits; all but the names in big-endian hex.

use serde_json::Value;

use crate::{job::EXTRANONCE2_BYTES, reject::Reject};

/// The submission of a miner: the share that it says it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Submission<'a> {
    pub(crate) worker: &'a str,
    pub(crate) job: &'a str,
    pub(crate) extranonce2: [u8; EXTRANONCE2_BYTES],
    /// The header's time, in Unix seconds.
    pub(crate) time: u32,
    pub(crate) nonce: u32,
    pub(crate) version_bits: Option<u32>,
}

impl<'a> Submission<'a> {
    pub(crate) fn read(params: &'a [Value]) -> Result<Self, Reject> {
        let text = |at: usize, name: &str| {
            params.get(at).and_then(Value::as_str).ok_or_else(|| {
                Reject::Other(format!("parameter {at} ({name}) is missing or no text"))
            })
        };
        let number = |at, name| -> Result<u32, Reject> {
            Ok(u32::from_be_bytes(bytes(text(at, name)?, name)?))
        };
        Ok(Self {
            worker: text(0, "worker")?,
            job: text(1, "job")?,
            extranonce2: bytes(text(2, "extranonce2")?, "extranonce2")?,
            time: number(3, "time")?,
            nonce: number(4, "nonce")?,
            version_bits: match params.get(5) {
                None | Some(Value::Null) => None,
                Some(_) => Some(number(5, "version bits")?),
            },
        })
    }
}

fn bytes<const N: usize>(text: &str, name: &str) -> Result<[u8; N], Reject> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| Reject::Other(format!("{name} is not {} hexadecimal digits", 2 * N)))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_miners_send() {
        let params = json!([
            "ana",
            "0000002a",
            "0100000000000000",
            "504e86b9",
            "FFB10100"
        ]);
        let submission = Submission::read(params.as_array().unwrap()).unwrap();
        assert_eq!(submission.worker, "ana");
        assert_eq!(submission.job, "0000002a");
        assert_eq!(submission.extranonce2, [1, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(submission.time, 0x504e_86b9);
        assert_eq!(submission.nonce, 0xffb1_0100);
        assert_eq!(submission.version_bits, None);
    }

    #[test]
    fn names_what_is_wrong() {
        let good = json!([
            "ana",
            "1",
            "0100000000000000",
            "504e86b9",
            "00000000",
            "1fffe000"
        ]);
        let good = good.as_array().unwrap();
        assert_eq!(
            Submission::read(good).unwrap().version_bits,
            Some(0x1fff_e000)
        );
        for (at, name) in [
            (0, "worker"),
            (1, "job"),
            (2, "extranonce2"),
            (3, "time"),
            (4, "nonce"),
            (5, "version bits"),
        ] {
            let mut bad = good.clone();
            *bad.get_mut(at).unwrap() = json!(7);
            let error = Submission::read(&bad).unwrap_err();
            assert_eq!(error.to_json().get(0), Some(&json!(20)));
            assert!(error.to_string().contains(name), "{error}");
        }
        for wrong in ["", "0", "0x00000", "000000000", "zzzzzzzz", "é00000000"] {
            let mut bad = good.clone();
            *bad.get_mut(4).unwrap() = json!(wrong);
            let error = Submission::read(&bad).unwrap_err();
            assert_eq!(error.to_string(), "nonce is not 8 hexadecimal digits");
        }
    }
}
