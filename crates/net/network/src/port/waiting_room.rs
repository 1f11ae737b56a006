//! Connections that came in and have not said their hello yet.
//!
//! The seats are few, so that nobody can make this node hold much. Where all are taken, the one that waits longest leaves for the one that
//! comes: a friend says its hello within a round trip or two, and a crowd that says nothing would have to be renewed that fast to
//! keep him out.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use bolao_limits::address_key;
use tokio::sync::oneshot;

use super::lock;

/// The most seats, in all and for one address but loopback.
const SEATS: usize = 64;
const SEATS_OF_ADDRESS: usize = 16;

#[derive(Debug, Clone, Default)]
pub(super) struct WaitingRoom(Arc<Mutex<Seats>>);

/// Those who wait, the longest first.
#[derive(Debug, Default)]
struct Seats {
    next: u64,
    all: VecDeque<Seated>,
}

#[derive(Debug)]
struct Seated {
    number: u64,
    /// Its [`address_key`].
    group: IpAddr,
    /// Dropped with this, which ends the wait.
    _stays: oneshot::Sender<()>,
}

/// A seat, which is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    room: WaitingRoom,
    number: u64,
    stays: oneshot::Receiver<()>,
}

impl WaitingRoom {
    /// A seat for a connection from an address.
    pub(super) fn enter(&self, from: IpAddr) -> Seat {
        let group = address_key(from);
        let (stay, stays) = oneshot::channel();
        let mut seats = lock(&self.0);
        seats.make_room(group, from.is_loopback());
        let number = seats.next;
        seats.next = number.wrapping_add(1);
        seats.all.push_back(Seated {
            number,
            group,
            _stays: stay,
        });
        Seat {
            room: self.clone(),
            number,
            stays,
        }
    }
}

impl Seats {
    fn make_room(&mut self, group: IpAddr, is_loopback: bool) {
        let is_of_group = |it: &Seated| it.group == group;
        let of_group = self.all.iter().filter(|it| is_of_group(it)).count();
        if !is_loopback && of_group >= SEATS_OF_ADDRESS {
            let first = self.all.iter().position(is_of_group);
            first.and_then(|at| self.all.remove(at));
        } else if self.all.len() >= SEATS {
            self.all.pop_front();
        }
    }
}

impl Seat {
    /// Returns when another needs the seat.
    pub(super) async fn needed(&mut self) {
        let _ = (&mut self.stays).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = lock(&self.room.0);
        seats.all.retain(|it| it.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 7));
    const AWAY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));
    const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    /// Those of them that still have their seats.
    fn stay(seats: &mut [Seat]) -> Vec<bool> {
        let empty = Err(oneshot::error::TryRecvError::Empty);
        let stays = |seat: &mut Seat| seat.stays.try_recv() == empty;
        seats.iter_mut().map(stays).collect()
    }

    fn enter(room: &WaitingRoom, from: IpAddr, many: usize) -> Vec<Seat> {
        (0..many).map(|_| room.enter(from)).collect()
    }

    #[test]
    fn of_one_address_the_longest_waiting_leaves_and_others_stay() {
        let room = WaitingRoom::default();
        let mut away = enter(&room, AWAY, 1);
        let mut home = enter(&room, HOME, SEATS_OF_ADDRESS);
        assert!(stay(&mut home).into_iter().all(|it| it));
        home.extend(enter(&room, HOME, 2));
        let (left, others) = home.split_at_mut(2);
        assert_eq!(stay(left), [false; 2]);
        assert_eq!(stay(others), [true; SEATS_OF_ADDRESS]);
        assert_eq!(stay(&mut away), [true]);
    }

    #[test]
    fn of_all_addresses_the_longest_waiting_leaves() {
        let room = WaitingRoom::default();
        let mut first = enter(&room, HOME, 2);
        let mut rest = enter(&room, LOOPBACK, SEATS - 2);
        assert_eq!(stay(&mut first), [true; 2]);
        rest.extend(enter(&room, AWAY, 1));
        assert_eq!(stay(&mut first), [false, true]);
        assert_eq!(stay(&mut rest), [true; SEATS - 1]);
        // A seat that was left is free.
        drop((first, rest));
        assert!(lock(&room.0).all.is_empty());
    }
}
