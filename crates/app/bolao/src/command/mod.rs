//! One module for each command: its flags and what it calls; and the table of all, in the groups of `bolao --help`.

use std::{path::Path, process::ExitCode};

use bolao_node::Home;
use clap::Subcommand;

use crate::{choice, home, tools::Tool};

pub(crate) mod acts;
pub(crate) mod address;
pub(crate) mod answer;
pub(crate) mod api;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod bet;
pub(crate) mod bets;
pub(crate) mod chain;
pub(crate) mod classic;
pub(crate) mod clock;
mod clocks;
pub(crate) mod competitions;
pub(crate) mod completions;
pub(crate) mod confirm;
#[cfg(feature = "miner")]
pub(crate) mod cores;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod fixtures;
pub(crate) mod game;
#[cfg(feature = "miner")]
pub(crate) mod gpus;
pub(crate) mod import;
pub(crate) mod invite;
pub(crate) mod join;
pub(crate) mod joker;
pub(crate) mod live;
pub(crate) mod logging;
pub(crate) mod man;
pub(crate) mod matches;
pub(crate) mod mine;
#[cfg(feature = "miner")]
pub(crate) mod miner;
pub(crate) mod missing;
pub(crate) mod new;
pub(crate) mod node;
pub(crate) mod objections;
pub(crate) mod openings;
pub(crate) mod organisers;
pub(crate) mod paid;
pub(crate) mod peers;
pub(crate) mod player;
pub(crate) mod players;
pub(crate) mod pools;
pub(crate) mod question;
pub(crate) mod questions;
pub(crate) mod reach;
pub(crate) mod referee;
pub(crate) mod reindex;
#[cfg(feature = "relay")]
pub(crate) mod relay;
pub(crate) mod remind;
pub(crate) mod restore;
pub(crate) mod result;
pub(crate) mod results_shown;
pub(crate) mod round;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod schedule;
pub(crate) mod seed;
mod signing;
pub(crate) mod slip;
pub(crate) mod sources;
pub(crate) mod stake;
pub(crate) mod standings;
pub(crate) mod start;
pub(crate) mod status;
pub(crate) mod tip;
pub(crate) mod transfer;
pub(crate) mod validators;
pub(crate) mod verify;
pub(crate) mod wait;
mod waits;
pub(crate) mod wallet;
mod wanted;

/// A command and an example of it; none where the command's own help has examples.
pub(crate) type Example = (&'static str, &'static str);

/// What a command ends with.
trait Ends {
    fn status(self) -> ExitCode;
}

impl Ends for () {
    fn status(self) -> ExitCode {
        ExitCode::SUCCESS
    }
}

impl Ends for ExitCode {
    fn status(self) -> ExitCode {
        self
    }
}

/// The chosen home, which must be there already.
fn there(chosen: Option<&Path>) -> anyhow::Result<Home> {
    choice::existing(&home::default(chosen)?)
}

/// Calls a command with its home: one that is `there`, `any`, the one that was `chosen`, or none.
macro_rules! call {
    (there $run:path, $args:ident, $chosen:ident) => {
        Box::pin($run($args, &there($chosen)?)).await
    };
    (any $run:path, $args:ident, $chosen:ident) => {
        Box::pin($run($args, &home::default($chosen)?)).await
    };
    (chosen $run:path, $args:ident, $chosen:ident) => {
        Box::pin($run($args, $chosen)).await
    };
    (alone $run:path, $args:ident, $chosen:ident) => {
        Box::pin($run($args)).await
    };
    // Those that wait for nothing.
    (there_now $run:path, $args:ident, $chosen:ident) => {
        $run($args, &there($chosen)?)
    };
    (any_now $run:path, $args:ident, $chosen:ident) => {
        $run($args, &home::default($chosen)?)
    };
    (any_ref $run:path, $args:ident, $chosen:ident) => {
        $run(&$args, &home::default($chosen)?)
    };
    (alone_ref $run:path, $args:ident, $chosen:ident) => {
        $run(&$args)
    };
}

/// Makes of the table below what clap reads, what is called, and what `bolao --help` lists.
macro_rules! commands {
    ($($group:literal {
        $($name:literal $($(#[$meta:meta])* $variant:ident($args:path) $home:ident $run:path)?, $example:literal;)*
    })*) => {
        #[derive(Subcommand, Debug)]
        pub(crate) enum Command {
            $($($($(#[$meta])* $variant($args),)?)*)*
            #[command(flatten)]
            Tool(Tool),
            #[command(hide = true)]
            Man(man::ManArgs),
        }

        /// The commands in their groups.
        pub(crate) const GROUPS: &[(&str, &[Example])] = &[$(($group, &[$(($name, $example)),*])),*];

        impl Command {
            /// Does what was asked.
            pub(crate) async fn run(self, chosen: Option<&Path>) -> anyhow::Result<ExitCode> {
                match self {
                    $($($(Self::$variant(args) => call!($home $run, args, chosen).map(Ends::status),)?)*)*
                    Self::Tool(tool) => Box::pin(tool.run(chosen)).await,
                    Self::Man(args) => man::run(&args).map(Ends::status),
                }
            }
        }
    };
}

// The tools of `extras/` stand here with their examples alone.
commands! {
    "Begin" {
        "demo", "bolao demo --tournament world-cup-2026";
        "start" Start(start::StartArgs) any start::run, "bolao start";
        "competitions" Competitions(competitions::CompetitionsArgs) alone_ref competitions::run, "bolao competitions premier";
        "fixtures" Fixtures(fixtures::FixturesArgs) alone fixtures::run, "bolao fixtures https://example.org/cup.ics --write cup.json";
        "new" New(new::NewArgs) any new::run, "bolao new 'Our league' --competition en.1.2026-27 --as ana";
        "invite" Invite(invite::InviteArgs) there invite::run, "bolao invite --uses 5";
        "join" Join(join::JoinArgs) any join::run, "bolao join 'http://192.168.1.20:9000/join#…' --name bruno";
        "run" Run(run::RunArgs) chosen run::run, "bolao run -i 192.168.1.20 -p 9000";
        "pools" Pools(pools::PoolsArgs) any pools::run, "bolao pools";
        "wallet" Wallet(wallet::WalletArgs) any_now wallet::run, "bolao wallet words";
    }
    "Bet" {
        "tip" Tip(tip::TipArgs) there tip::run, "bolao tip tips.csv";
        "bet" Bet(bet::BetArgs) there bet::run, "bolao bet PtCh 2-1 NlEn 1-1 --stake 20";
        "joker" Joker(joker::JokerArgs) there joker::run, "bolao joker PtCh --off NlEn";
        "answer" Answer(answer::AnswerArgs) there answer::run, "bolao answer champion Portugal";
        "missing" Missing(missing::MissingArgs) there missing::run, "bolao missing 24";
        "bets" Bets(bets::BetsArgs) there bets::run, "bolao bets";
        "openings" Openings(openings::OpeningsArgs) there openings::run, "";
        "transfer" Transfer(transfer::TransferArgs) there transfer::run, "bolao transfer bruno 50";
    }
    "Look" {
        "standings" Standings(standings::StandingsArgs) there standings::run, "bolao standings --round 'Semi-finals'";
        "matches" Matches(matches::MatchesArgs) there matches::run, "bolao matches";
        "match" Match(game::MatchArgs) there game::run, "bolao match PtCh";
        "questions" Questions(questions::QuestionsArgs) there questions::run, "bolao questions champion";
        "round" #[command(visible_alias = "rounds")] Round(round::RoundArgs) there round::run, "bolao round Semi-finals";
        "players" Players(players::PlayersArgs) there players::run, "bolao players";
        "player" Player(player::PlayerArgs) there player::run, "bolao player bruno";
        "rules" Rules(rules::RulesArgs) there rules::run, "bolao rules";
        "api" Api(api::ApiArgs) there api::run, "bolao api validators";
        "export" Export(export::ExportArgs) there export::run, "bolao export standings --output standings.csv";
    }
    "Prove and object" {
        "slip" Slip(slip::SlipArgs) there slip::run, "bolao slip PtCh --output my-bet.json";
        "verify" Verify(verify::VerifyArgs) any verify::run, "bolao verify my-bet.json";
        "audit" Audit(audit::AuditArgs) there audit::run, "bolao audit";
        "object" Object(objections::ObjectArgs) there objections::object, "bolao object PtCh 'the goal in the 89th minute did not count'";
        "objections" Objections(objections::ObjectionsArgs) there objections::objections, "bolao objections PtCh";
        "log" Log(acts::LogArgs) there acts::run, "bolao log --last 5";
    }
    "Organise" {
        "result" Result(result::ResultArgs) there result::run, "";
        "schedule" Schedule(schedule::ScheduleArgs) there schedule::run, "bolao schedule PtCh --kickoff 2030-06-05T21:00+01:00";
        "question" Question(question::QuestionArgs) there question::run, "";
        "import" Import(import::ImportArgs) there import::run, "bolao import cup.json --dry-run";
        "sources" Sources(sources::SourcesArgs) there sources::run, "bolao sources add de.1.2026-27";
        "referee" Referee(referee::RefereeArgs) there referee::run, "bolao referee --source de.1.2026-27";
        "live" Live(live::LiveArgs) there live::run, "bolao live PtCh 1-0 --minute 63";
        "organisers" Organisers(organisers::OrganisersArgs) there organisers::run, "";
        "paid" Paid(paid::PaidArgs) there paid::run, "bolao paid bruno";
        "address" Address(address::AddressArgs) there address::run, "bolao address https://pool.example.org";
    }
    "Make blocks" {
        "validators" Validators(validators::ValidatorsArgs) there validators::run, "";
        "stake" Stake(stake::StakeArgs) there stake::stake, "bolao stake 500";
        "unstake" Unstake(stake::UnstakeArgs) there stake::unstake, "bolao unstake 200";
        "mine" Mine(mine::MineArgs) there mine::run, "bolao mine --count 3";
        "miner", "bolao miner --node http://192.168.1.20:9000 --account bruno";
    }
    "Watch and repair the node" {
        "status" Status(status::StatusArgs) any status::run, "bolao status";
        "doctor" Doctor(doctor::DoctorArgs) any doctor::run, "bolao doctor";
        "clock" Clock(clock::ClockArgs) there clock::run, "";
        "peers" Peers(peers::PeersArgs) there peers::run, "bolao peers";
        "chain" Chain(chain::ChainArgs) there chain::run, "bolao chain 812";
        "backup" Backup(backup::BackupArgs) any backup::run, "bolao backup bolao-backup.tar";
        "restore" Restore(restore::RestoreArgs) any_ref restore::run, "bolao restore bolao-backup.tar";
        "reindex" Reindex(reindex::ReindexArgs) there_now reindex::run, "bolao reindex";
    }
    "More" {
        "simulate", "bolao simulate back-date --consensus pow --seeds 3";
        "classic" Classic(classic::ClassicArgs) chosen classic::run, "bolao classic 9000";
        "seed" Seed(seed::SeedArgs) alone seed::run, "bolao seed --ip 0.0.0.0 --port 42020";
        "relay", "bolao relay --domain relay.example";
        "completions" Completions(completions::CompletionsArgs) alone_ref completions::run, "bolao completions bash > /etc/bash_completion.d/bolao";
    }
}
