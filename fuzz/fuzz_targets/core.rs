//! A whole core against a peer that sends anything: messages of up to 64 KiB, each behind a kind and a length.
#![no_main]

use bolao_chain::{
    Core, CoreConfig, Input, MAX_RESPONSE_BYTES, Now, Output, PeerId, Request, Topic, serve,
};
use bolao_ledger::{Genesis, TargetRule, UnixSeconds, decode};
use bolao_store::Store;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let genesis = Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    };
    let mut now = Now {
        unix: UnixSeconds(genesis.created.0 + 1_000),
        mono_ms: 0,
    };
    let store = Store::in_memory(&genesis).unwrap();
    let mut core = Core::new(store, CoreConfig::default(), now).unwrap();
    let peer = PeerId::from("peer");
    let mut asked = Vec::new();
    let mut rest = data;
    let mut next = Some(Input::PeerConnected { peer: peer.clone() });
    for token in 0..64 {
        if let Some(input) = next.take() {
            for output in core.handle(now, input).unwrap() {
                match output {
                    Output::SendRequest { id, .. } => asked.push(id),
                    Output::Misbehaved { .. } => return,
                    _ => {}
                }
            }
        }
        let Some(([kind, low, high], after)) = rest.split_first_chunk() else {
            return;
        };
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(after.len());
        let (message, after) = after.split_at(length);
        rest = after;
        now.mono_ms += 250;
        let peer = peer.clone();
        next = Some(match kind % 5 {
            0 | 1 => Input::Gossip {
                peer,
                token,
                topic: [Topic::Transactions, Topic::Blocks][usize::from(kind % 5)],
                bytes: message.to_vec(),
            },
            2 => {
                let Ok(request) = decode::<Request>(message) else {
                    continue;
                };
                if !request.needs_core() {
                    let snapshot = core.reader().snapshot().unwrap();
                    serve(&snapshot, &request, MAX_RESPONSE_BYTES).unwrap();
                    continue;
                }
                Input::Request {
                    peer,
                    token,
                    request,
                }
            }
            3 => {
                let (Ok(response), Some(id)) = (decode(message), asked.pop()) else {
                    continue;
                };
                Input::Response {
                    peer,
                    id,
                    result: Ok(response),
                }
            }
            _ => Input::Tick,
        });
    }
});
