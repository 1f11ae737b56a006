// Tries one nonce an invocation. The lines that begin with //: are put in by source.rs.

struct Work {
    //:header words
    start: u32,
    count: u32,
    // The top word of the target.
    top: u32,
}

fn swap_bytes(word: u32) -> u32 {
    let pairs = ((word & 0x00ff00ffu) << 8u) | ((word >> 8u) & 0x00ff00ffu);
    return (pairs << 16u) | (pairs >> 16u);
}

@compute @workgroup_size(GROUP)
fn search(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let index = index_of(group, lane);
    if index >= work.count {
        return;
    }
    let number = work.start + index;
    let nonce = swap_bytes(number);
    //:steps
    if swap_bytes(result + 0x5be0cd19u) <= work.top {
        let place = atomicAdd(&hits.count, 1u);
        if place < PLACES {
            hits.nonces[place] = number;
        }
    }
}
