//! The reminders of a node: flags of `run` and `start`.

use std::{ffi::OsStr, time::Duration};

use bolao_node::{RemindAs, RemindConfig, RemindUrl};
use bolao_rulebook::Language;
use clap::{
    Arg, Args, Command, Error,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
    error::ErrorKind,
};

/// The heading of these flags.
const REMINDERS: &str = "Reminders";
/// The times before betting ends at which it can be told, in seconds.
const BEFORE_S: std::ops::RangeInclusive<u32> = 60..=7 * 86_400;

/// Reminders of tips that are missing
#[derive(Args, Clone, Debug)]
pub(crate) struct RemindArgs {
    #[arg(
        long,
        env = "BOLAO_REMIND",
        hide_env_values = true,
        value_parser = Secret,
        value_name = "URL",
        help_heading = REMINDERS,
        help = "Posts what friends should know to this address, such as who has not bet shortly before betting ends: an \
            ntfy topic, or the webhook of a chat. It is kept secret"
    )]
    remind: Option<RemindUrl>,
    /// How long before betting ends, such as 30m or 1d
    #[arg(
        long,
        value_parser = before,
        default_value = "2h",
        requires = "remind",
        value_name = "TIME",
        help_heading = REMINDERS
    )]
    before: u32,
    /// Format of the message
    #[arg(
        long,
        value_parser = forms(),
        default_value = "text",
        requires = "remind",
        value_name = "FORM",
        help_heading = REMINDERS
    )]
    remind_as: RemindAs,
    /// Language of the message
    #[arg(
        long,
        value_parser = languages(),
        default_value = "en",
        requires = "remind",
        value_name = "LANGUAGE",
        help_heading = REMINDERS
    )]
    remind_in: Language,
}

impl RemindArgs {
    /// The node's setting.
    pub(crate) fn config(&self) -> Option<RemindConfig> {
        Some(RemindConfig {
            url: self.remind.clone()?,
            before: Duration::from_secs(self.before.into()),
            form: self.remind_as,
            language: self.remind_in,
        })
    }
}

fn forms() -> impl TypedValueParser<Value = RemindAs> {
    let forms = [
        ("text", "Plain text, for ntfy"),
        ("slack", "Slack, Mattermost, Rocket.Chat"),
        ("discord", "Discord"),
    ];
    let named = forms.map(|(name, read_by)| PossibleValue::new(name).help(read_by));
    PossibleValuesParser::new(named).try_map(|name| name.parse())
}

fn languages() -> impl TypedValueParser<Value = Language> {
    let codes = Language::ALL.map(|it| PossibleValue::new(it.code()));
    PossibleValuesParser::new(codes).try_map(|code| code.parse())
}

fn before(text: &str) -> Result<u32, String> {
    let seconds = bolao_ledger::seconds(text)?;
    BEFORE_S
        .contains(&seconds)
        .then_some(seconds)
        .ok_or_else(|| "wanted 1m to 7d".to_owned())
}

/// A reader of the address, whose error does not show it: the log of a service may be open to others.
#[derive(Clone)]
struct Secret;

impl TypedValueParser for Secret {
    type Value = RemindUrl;

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, Error> {
        value
            .to_str()
            .unwrap_or_default()
            .parse()
            .map_err(|wanted| {
                let text = format!("the address of --remind cannot be used: {wanted}\n");
                Error::raw(ErrorKind::ValueValidation, text).with_cmd(command)
            })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use clap::FromArgMatches as _;

    use super::*;

    fn read(words: &[&str]) -> Result<Option<RemindConfig>, String> {
        let command = RemindArgs::augment_args(Command::new("run").no_binary_name(true));
        let matches = command.try_get_matches_from(words);
        let matches = matches.map_err(|error| error.to_string())?;
        Ok(RemindArgs::from_arg_matches(&matches).unwrap().config())
    }

    #[test]
    fn flags_are_read() {
        assert!(read(&[]).unwrap().is_none());
        let config = read(&["--remind", "https://ntfy.sh/a"]).unwrap().unwrap();
        assert_eq!(config.before, Duration::from_hours(2));
        assert_eq!(config.form, RemindAs::Text);
        let words = [
            "--remind",
            "http://a",
            "--before",
            "90m",
            "--remind-as",
            "discord",
            "--remind-in",
            "de",
        ];
        let config = read(&words).unwrap().unwrap();
        assert_eq!(config.before, Duration::from_mins(90));
        assert_eq!(config.form, RemindAs::Discord);
        assert_eq!(config.language, Language::German);
    }

    #[test]
    fn mistakes_are_told_without_the_address() {
        let error = read(&["--remind", "hooks.example/s3cret"]).unwrap_err();
        assert!(
            error.contains("https://") && !error.contains("s3cret"),
            "{error}"
        );
        let error = read(&["--remind", "https://a", "--remind-in", "fr"]).unwrap_err();
        assert!(error.contains("possible values: en, de, pt"), "{error}");
        for (bad, word) in [("8d", "wanted"), ("0s", "wanted"), ("soon", "expected")] {
            let error = read(&["--remind", "https://a", "--before", bad]).unwrap_err();
            assert!(
                error.contains("--before") && error.contains(word),
                "{error}"
            );
        }
        assert!(read(&["--before", "1h"]).unwrap_err().contains("--remind"));
    }
}
