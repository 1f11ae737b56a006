"""Wires between network devices: what comes in at one goes out at another after a while, or not at all.

The arguments are devices of this network namespace. Each line of the input holds groups of `FROM TO MS`: from now on FROM's frames
reach TO after that many milliseconds, or never, with `-`. Each line is answered with `done`. Ends with its input.
A kernel without netem has no delays of its own.
"""

import heapq
import os
import select
import socket
import sys
import time

ETH_P_ALL = 3
SOL_PACKET = 263
# With these, segments and checksums that a device is to make pass as they are, and what is sent does not come in again.
PACKET_VNET_HDR = 15
PACKET_IGNORE_OUTGOING = 23
VNET_HDR = 10
FRAME = 1 << 17


def opened(device):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    wire.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    wire.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    wire.bind((device, ETH_P_ALL))
    wire.setblocking(False)
    return wire


class Wires:
    def __init__(self, devices):
        self.devices = {device: opened(device) for device in devices}
        self.delays = {}
        self.at = {}
        self.flying = []
        self.count = 0

    def set(self, line):
        words = line.split()
        for start, end, delay in zip(words[::3], words[1::3], words[2::3]):
            if delay == "-":
                self.delays.pop((start, end), None)
            else:
                self.delays[start, end] = float(delay) / 1000

    def take(self, device, now):
        while True:
            try:
                frame = self.devices[device].recv(FRAME)
            except OSError:
                return
            to, source = (frame[VNET_HDR + at : VNET_HDR + at + 6] for at in (0, 6))
            self.at[source] = device
            for (start, end), delay in self.delays.items():
                if start == device and self.at.get(to, end) == end:
                    self.count += 1
                    heapq.heappush(self.flying, (now + delay, self.count, end, frame))

    def deliver(self, now):
        while self.flying and self.flying[0][0] <= now:
            _, _, end, frame = heapq.heappop(self.flying)
            try:
                self.devices[end].send(frame)
            except OSError:
                pass

    def run(self):
        poll = select.epoll()
        names = {wire.fileno(): device for device, wire in self.devices.items()}
        for number in [*names, sys.stdin.fileno()]:
            poll.register(number, select.EPOLLIN)
        waiting = b""
        while True:
            left = self.flying[0][0] - time.monotonic() if self.flying else None
            for number, _ in poll.poll(None if left is None else max(left, 0)):
                if number in names:
                    self.take(names[number], time.monotonic())
                    continue
                read = os.read(number, 1 << 16)
                if not read:
                    return
                *lines, waiting = (waiting + read).split(b"\n")
                for line in lines:
                    self.set(line.decode())
                    print("done", flush=True)
            self.deliver(time.monotonic())


Wires(sys.argv[1:]).run()
