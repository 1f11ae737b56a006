// Nothing but rotations, logic and additions, in the shares that SHA-256 has of them, with little
// to keep and nothing to wait for. The lines that begin with //: are put in by source.rs.

struct Work {
    seed: u32,
}

struct Hits {
    count: atomic<u32>,
    nonces: array<u32, PLACES>,
}

@group(0) @binding(0) var<uniform> work: Work;
@group(0) @binding(1) var<storage, read_write> hits: Hits;

@compute @workgroup_size(GROUP)
fn integers(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let index = (group.y * ROW + group.x) * GROUP + lane;
    let start = index ^ work.seed;
    //:streams
    //:steps
    //:sum
    // Almost never so, and no compiler can know.
    if sum == work.seed {
        atomicAdd(&hits.count, 1u);
    }
}
