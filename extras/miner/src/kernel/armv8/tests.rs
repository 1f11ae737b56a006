use super::kernel;

/// Other tests take the kernels that the CPU runs, and would pass without this one.
#[test]
fn it_runs_where_the_environment_says_that_the_cpu_has_the_instructions() {
    if std::env::var_os("BOLAO_ARMV8").is_some() {
        assert!(
            kernel().is_some(),
            "BOLAO_ARMV8 is set, but this CPU lacks NEON or the SHA-256 instructions"
        );
    }
}
