//! Our validators.

use std::collections::VecDeque;

use bolao_finality::{Config, Entries, Input, Log, Message, Output, Validator, Verdict, Verified};
use bolao_ledger::{Height, Pos, ValidatorSet};

use crate::{POOL, decision, key, set};

#[derive(Default)]
struct Memory(Vec<Vec<u8>>);

impl Log for Memory {
    type Error = ();

    fn append(&mut self, entry: &[u8]) -> Result<(), ()> {
        self.0.push(entry.to_vec());
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ()> {
        Ok(())
    }

    fn reset(&mut self, _: Height) -> Result<(), ()> {
        self.0.clear();
        Ok(())
    }

    fn read(&self) -> Result<Option<Entries>, ()> {
        Ok(None)
    }
}

enum Event {
    Bytes(Vec<u8>),
    Input(Input),
}

pub(crate) struct Net {
    nodes: Vec<(Validator, Memory)>,
    set: ValidatorSet,
    height: Height,
    queue: VecDeque<(usize, Event)>,
}

impl Net {
    pub(crate) fn new(count: usize) -> Self {
        let (height, set) = (Height(1), set(count));
        let voting = Pos::appointed([]).voting;
        let node = |who| {
            let config = Config {
                pool: POOL,
                key: Some(key(who)),
                voting: voting.clone(),
                verified: Verified::default(),
            };
            let start = Validator::new(config, 0, (height, set.clone()), None);
            (start.unwrap().0, Memory::default())
        };
        Self {
            nodes: (0..count).map(node).collect(),
            set: set.clone(),
            height,
            queue: VecDeque::new(),
        }
    }

    /// All decide one height.
    pub(crate) fn height(&mut self) {
        let mut decided = 0;
        for who in 0..self.nodes.len() {
            self.queue.push_back((who, Event::Input(Input::Waiting)));
        }
        while let Some((who, event)) = self.queue.pop_front() {
            let input = match event {
                Event::Bytes(bytes) => Input::Message {
                    token: 0,
                    message: Message::decode(&bytes).unwrap(),
                },
                Event::Input(input) => input,
            };
            let outputs = self.nodes[who].0.handle(0, input);
            for output in outputs {
                if !self.nodes[who].1.carry_out(&output).unwrap() {
                    decided += usize::from(matches!(output, Output::Decide(_)));
                    self.carry_out(who, output);
                }
            }
        }
        assert_eq!(
            decided,
            self.nodes.len(),
            "somebody missed height {}",
            self.height
        );
        self.height = self.height.next();
        for who in 0..self.nodes.len() {
            let (height, set) = (self.height, self.set.clone());
            self.nodes[who].0.handle(0, Input::Height { height, set });
        }
    }

    fn carry_out(&mut self, who: usize, output: Output) {
        let answer = match output {
            Output::Send(message) => {
                let bytes = message.encode();
                for to in (0..self.nodes.len()).filter(|to| *to != who) {
                    self.queue.push_back((to, Event::Bytes(bytes.clone())));
                }
                return;
            }
            Output::Build { height, round } => Input::Built {
                height,
                round,
                decision: decision(height),
            },
            Output::Judge {
                height, decision, ..
            } => Input::Judged {
                height,
                decision,
                verdict: Verdict::Valid,
            },
            _ => return,
        };
        self.queue.push_back((who, Event::Input(answer)));
    }
}
