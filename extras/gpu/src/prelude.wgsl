struct Hits {
    // How many nonces passed; more than there are places is counted too.
    count: atomic<u32>,
    nonces: array<u32, PLACES>,
}

@group(0) @binding(0) var<uniform> work: Work;
@group(0) @binding(1) var<storage, read_write> hits: Hits;

// The number of an invocation among all.
fn index_of(group: vec3<u32>, lane: u32) -> u32 {
    return (group.y * ROW + group.x) * GROUP + lane;
}
