//! What organisers ask, and what they say is right. The words of a question are its own, and the same in every language.

use bolao_ledger::{
    Genesis, Outcome, Status, Text,
    item::{Asks, Question},
};

use crate::{Said, SaidValue, template::templates};

templates! {
    RULE = "Organisers may ask questions too, whose right answers give points that count in the pool's table and in no stage. \
            Nothing about a question changes less than {notice} before it closes; once somebody has answered, only its end is \
            moved, and answers to choose from are added.";
    ASKED = "There is a new question, “{question}”.";
    TEXT = "The question “{before}” is now “{question}”.";
    CHANGED = "The question “{question}” was changed.";
    SLOTS = "It needs {slots, plural, one {# answer} other {# answers}} of everybody.";
    OPTIONS = "One can choose from {options}.";
    MORE_OPTIONS = "One can also choose {options}.";
    NUMBER = "Its answer is a number from {least, number} to {most, number}.";
    GIVES = "A right answer gives {points, plural, one {# point} other {# points}}.";
    MISPLACED = "The order counts: a right answer in a wrong place gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    PERFECT = "If all answers are right, that gives {points, plural, one {# point} other {# points}} more.";
    NEAR = "A number that misses by {misses, number} gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    CLOSES = "It takes answers until {at}.";
    RIGHT = "{count, plural, one {The right answer} other {The right answers}} to “{question}”: {right}.";
    CANCELLED = "The question “{question}” was withdrawn: it gives no points.";
}

/// The line of the rules on questions, in a pool that knows them.
pub(crate) fn rule(genesis: &Genesis) -> Option<Said> {
    let notice_s = genesis.rules.notice_s;
    let asks = notice_s > 0 && !genesis.organisers.is_empty();
    asks.then(|| RULE.with([("notice", SaidValue::seconds(notice_s))]))
}

fn names<'t>(texts: impl IntoIterator<Item = &'t Text<64>>) -> SaidValue {
    let names = texts.into_iter().map(|it| it.as_str().to_owned()).collect();
    SaidValue::Names { names }
}

/// The words of a question's record.
pub(crate) fn answered(question: &Question, outcome: &Outcome) -> Vec<Said> {
    let text = ("question", question.text.as_str().into());
    if outcome.status != Status::Answered {
        return vec![CANCELLED.with([text])];
    }
    let right = || outcome.right.iter().map(|it| it.get());
    let said = match &question.asks {
        Asks::Choice { options, .. } => {
            names(right().filter_map(|it| options.get(usize::from(it))))
        }
        Asks::Number { .. } => right()
            .map(|it| it.to_string())
            .collect::<Vec<_>>()
            .join(", ")
            .into(),
    };
    let count = ("count", SaidValue::count(right().count()));
    vec![RIGHT.with([count, text, ("right", said)])]
}

/// The words of a question, or of what is other than before.
pub(crate) fn asked(before: Option<&Question>, after: &Question) -> Vec<Said> {
    let question = ("question", after.text.as_str().into());
    let (known, mut changed) = (before.map(about).unwrap_or_default(), about(after));
    // Where something is gone, all is said anew.
    let kinds = known.iter().map(|it| &it.template);
    if kinds.eq(changed.iter().map(|it| &it.template)) {
        changed.retain(|it| !known.contains(it));
    }
    let first = match before {
        None => ASKED.with([question]),
        Some(before) if before.text != after.text => {
            TEXT.with([("before", before.text.as_str().into()), question])
        }
        Some(before) if before == after => return Vec::new(),
        Some(_) => CHANGED.with([question]),
    };
    let added = before.and_then(|before| match (&before.asks, &after.asks) {
        (Asks::Choice { options: old, .. }, Asks::Choice { options: new, .. }) => {
            new.strip_prefix(&**old)
        }
        _ => None,
    });
    if let Some(added) = added.filter(|it| !it.is_empty()) {
        changed.retain(|it| it.template != OPTIONS.0);
        changed.push(MORE_OPTIONS.with([("options", names(added))]));
    }
    [vec![first], changed].concat()
}

/// All about a question but its text.
#[must_use]
pub fn about(question: &Question) -> Vec<Said> {
    let points = |points: u16| ("points", SaidValue::from(points));
    let slots = question.slots;
    let mut said = match &question.asks {
        Asks::Choice {
            options,
            misplaced,
            perfect,
        } => [
            Some(SLOTS.with([("slots", slots.into())])).filter(|_| slots > 1),
            Some(OPTIONS.with([("options", names(options))])),
            Some(GIVES.with([points(question.points)])),
            misplaced.map(|it| MISPLACED.with([points(it)])),
            Some(PERFECT.with([points(*perfect)])).filter(|_| *perfect > 0),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Asks::Number { least, most, near } => {
            let bounds = [("least", (*least).into()), ("most", (*most).into())];
            let near = near.iter().zip(1_u8..);
            let near = near.map(|(it, misses)| NEAR.with([("misses", misses.into()), points(*it)]));
            let gives = GIVES.with([points(question.points)]);
            let mut said = vec![NUMBER.with(bounds), gives];
            said.extend(near);
            said
        }
    };
    said.push(CLOSES.with([("at", question.closes.into())]));
    said
}
