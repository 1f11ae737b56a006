use bolao_laboratory::{SimulateArgs, run};
use clap::Parser;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: SimulateArgs,
}

fn parse(line: &str) -> SimulateArgs {
    Line::try_parse_from(line.split(' ')).unwrap().args
}

#[tokio::test]
async fn a_report_has_a_table_and_plots_and_the_json_beside_it() {
    let directory = tempfile::tempdir().unwrap();
    let into = directory.path().join("new");
    let line = format!(
        "simulate partition --consensus pow --nodes 5 --validators 3 --seed 4 --report {}",
        into.display()
    );
    run(parse(&line)).await.unwrap();
    let page = std::fs::read_to_string(into.join("index.html")).unwrap();
    assert_eq!(page.matches("<svg").count(), 3, "{page}");
    assert!(page.contains("halves for 10 min"));
    let json = std::fs::read(into.join("results.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["ok"], true);
    assert_eq!(json["cases"][0]["runs"], 1);
}

#[tokio::test]
async fn what_cannot_be_simulated_is_refused_with_the_next_step() {
    for (line, wanted) in [
        ("simulate --nodes 5 --validators 4", "use --nodes 6"),
        ("simulate --guilty 5", "--guilty is more"),
        ("simulate selfish --consensus pos", "name another scenario"),
    ] {
        let error = run(parse(line)).await.unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}
