// Nothing but rotations, logic and additions, in the shares that SHA-256 has of them, with little
// to keep and nothing to wait for. The lines that begin with //: are put in by source.rs.

struct Work {
    seed: u32,
}

@compute @workgroup_size(GROUP)
fn integers(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let index = index_of(group, lane);
    let start = index ^ work.seed;
    //:streams
    //:steps
    //:sum
    // Almost never so, and no compiler can know.
    if sum == work.seed {
        atomicAdd(&hits.count, 1u);
    }
}
