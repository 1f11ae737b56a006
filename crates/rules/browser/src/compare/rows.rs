//! Rows of an answer, one by one and field by field.

use serde_json::Value;

use super::Difference;
use crate::refusal::Refusal;

/// The fields that only the node can say, where the chain does not.
const OF_NODE: [&str; 3] = ["signable", "state", "status"];

/// A row as the chain makes it. Its fields are those of the node's answer.
pub(super) struct Row {
    /// The name of it in a sentence.
    pub(super) subject: String,
    pub(super) player: Option<String>,
    pub(super) game: Option<String>,
    pub(super) own: Value,
    /// Whether the answer may say nothing besides.
    pub(super) whole: bool,
}

impl Row {
    /// A row besides whose fields the answer may say nothing.
    pub(super) fn whole(subject: &str, own: Value) -> Self {
        Self {
            whole: true,
            ..Self::plain(subject, own)
        }
    }

    pub(super) fn plain(subject: &str, own: Value) -> Self {
        Self {
            subject: subject.to_owned(),
            player: None,
            game: None,
            own,
            whole: false,
        }
    }

    pub(super) fn of_player(player: String, own: Value) -> Self {
        Self {
            subject: player.clone(),
            player: Some(player),
            game: None,
            own,
            whole: true,
        }
    }

    /// The first field in which the answer differs.
    pub(super) fn difference(&self, answered: &Value) -> Option<Difference> {
        let (path, node, own) = field(&self.own, answered, self.whole)?;
        let (node, own) = (shown(node), shown(own));
        let words = words(&path);
        Some(Difference {
            sentence: format!(
                "This computer gives {words} of {} as {node}; the chain says {own}.",
                self.subject
            ),
            what: path,
            player: self.player.clone(),
            game: self.game.clone(),
            node,
            own,
        })
    }

    /// The row is not where it should be.
    fn misplaced(&self, what: &str, node: &str, own: &str, sentence: String) -> Difference {
        Difference {
            what: what.to_owned(),
            player: self.player.clone(),
            game: self.game.clone(),
            node: node.to_owned(),
            own: own.to_owned(),
            sentence,
        }
    }

    fn left_out(&self) -> Difference {
        let sentence = format!(
            "This computer leaves out {}, which is in the chain.",
            self.subject
        );
        self.misplaced("left-out", "not there", &self.subject, sentence)
    }
}

/// The identity of a row: the same in the answer and in the chain.
fn identity(row: &Value) -> String {
    let part = |path: &str| row.pointer(path).map(text).unwrap_or_default();
    // A line of a history has a place of its own, and may be about any match.
    if let Some(seq) = row.get("seq") {
        return text(seq);
    }
    if let (Some(id), Some(_)) = (row.get("id"), row.get("block")) {
        return text(id);
    }
    let parts = ["/no", "/match/no", "/player/account", "/account", "/stage"];
    parts.map(part).join(" ")
}

/// The first difference in a page of rows, `after` as many of the pages before. A page without `next_cursor` is the last.
pub(super) fn list(own: &[Row], after: usize, body: &Value) -> Result<Option<Difference>, Refusal> {
    let items = body.get("items").and_then(Value::as_array);
    let items = items.ok_or_else(|| Refusal::new("bad-answer", "the answer has no `items`"))?;
    let last = body.get("next_cursor").is_none_or(Value::is_null);
    let own = own.get(after..).unwrap_or_default();
    for (index, item) in items.iter().enumerate() {
        let found = own.get(index);
        if let Some(row) = found
            && identity(&row.own) == identity(item)
        {
            match row.difference(item) {
                None => continue,
                different => return Ok(different),
            }
        }
        return Ok(Some(elsewhere(own, found, items, item)));
    }
    Ok(own.get(items.len()).filter(|_| last).map(Row::left_out))
}

/// Why another row stands where one of the chain should.
fn elsewhere(own: &[Row], expected: Option<&Row>, items: &[Value], item: &Value) -> Difference {
    let shown: Vec<String> = items.iter().map(identity).collect();
    let known = own.iter().find(|row| identity(&row.own) == identity(item));
    match (known, expected) {
        (Some(_), Some(row)) if !shown.contains(&identity(&row.own)) => row.left_out(),
        (Some(row), _) => row.misplaced(
            "order",
            "elsewhere",
            "in its place",
            format!(
                "This computer shows {} in another place than the chain.",
                row.subject
            ),
        ),
        (None, _) => {
            let text = |path: &str| {
                item.pointer(path)
                    .and_then(Value::as_str)
                    .map(ToOwned::to_owned)
            };
            let (player, game) = (
                text("/player/name"),
                text("/match/code").or_else(|| text("/code")),
            );
            let whose = player.clone().unwrap_or_else(|| "somebody".to_owned());
            let subject = match &game {
                Some(game) => format!("something of {whose} on {game}"),
                None => whose,
            };
            Difference {
                what: "unknown".to_owned(),
                player,
                game,
                node: subject.clone(),
                own: "not there".to_owned(),
                sentence: format!("This computer shows {subject}, which is not in the chain."),
            }
        }
    }
}

/// The first field, with its path, in which an answer differs.
fn field<'a>(
    own: &'a Value,
    answered: &'a Value,
    whole: bool,
) -> Option<(String, &'a Value, &'a Value)> {
    match (own, answered) {
        (Value::Object(fields), Value::Object(answers)) if !is_score(own) => {
            let of_chain = |name: &String| !OF_NODE.contains(&name.as_str());
            let besides = answers.keys().filter(|name| whole && of_chain(name));
            let mut names = fields.keys().chain(besides);
            names.find_map(|name| {
                let own = fields.get(name).unwrap_or(&Value::Null);
                let answered = answers.get(name).unwrap_or(&Value::Null);
                let (path, node, own) = field(own, answered, whole)?;
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{name}.{path}")
                };
                Some((path, node, own))
            })
        }
        // A list without entries may be left out.
        (Value::Array(parts), Value::Null) | (Value::Null, Value::Array(parts))
            if parts.is_empty() =>
        {
            None
        }
        (Value::Array(parts), _) => {
            let answers = answered
                .as_array()
                .filter(|answers| answers.len() == parts.len());
            let Some(answers) = answers else {
                return Some((String::new(), answered, own));
            };
            let mut pairs = parts.iter().zip(answers).enumerate();
            pairs.find_map(|(index, (own, answered))| {
                let (path, node, own) = field(own, answered, whole)?;
                let path = if path.is_empty() {
                    index.to_string()
                } else {
                    format!("{index}.{path}")
                };
                Some((path, node, own))
            })
        }
        // A switch that is off may be left out.
        (Value::Bool(false), Value::Null) | (Value::Null, Value::Bool(false)) => None,
        _ => (own != answered).then_some((String::new(), answered, own)),
    }
}

fn is_score(value: &Value) -> bool {
    let has_two = value.as_object().is_some_and(|fields| fields.len() == 2);
    has_two && value.get("home").is_some_and(Value::is_number)
}

fn text(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A value as a sentence has it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.chars().take(80).collect(),
        Value::Object(_) if is_score(value) => {
            let goals = |side| value.get(side).map(text).unwrap_or_default();
            format!("{}–{}", goals("home"), goals("away"))
        }
        other => text(other).chars().take(80).collect(),
    }
}

/// The words for a field in a sentence.
fn words(path: &str) -> String {
    let field = path.rsplit('.').next().unwrap_or(path);
    let known = match field {
        "exact" => "the number of exact tips",
        "differences" => "the number of right differences",
        "tendencies" => "the number of right tendencies",
        "missing" => "the number of missing tips",
        "tips" | "bets" => "the number of tips",
        "players" => "the number of players",
        "has_keepers" => "the existence",
        "keepers" => "the list",
        "needed" => "the needed number",
        "host_could_look" => "the small number",
        "scored" => "the number of matches with a score",
        "provisional" => "the state of the result",
        "after_90" => "the score after 90 minutes",
        "after_120" => "the score after extra time",
        "opened" => "the block of the opening",
        "height" => "the block",
        "final_at" => "the time when the result is final",
        other => return format!("the {}", other.replace('_', " ")),
    };
    known.to_owned()
}
