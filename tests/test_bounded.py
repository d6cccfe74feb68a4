"""The pool: whatever one job does, it ends in time, and no other job sees it."""

import asyncio
import ctypes
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

import bounded_handlers
import bounded_numbers
from looped import looped
from maillage.bounded import (
    Busy,
    Died,
    Fault,
    Limits,
    Pool,
    TimedOut,
    TooLarge,
    TooMany,
    confine,
    filters,
    frames,
)
from maillage.bounded.lanes import Lane, Spent
from maillage.errors import MaillageError
from maillage.store import write_folder

LINUX = sys.platform == "linux"
linux = pytest.mark.skipif(not LINUX, reason="means of Linux")
sealed = pytest.mark.skipif(not filters.available(), reason="no filter for this system")

SMALL = Limits(fast=0.3, slow=1.0, memory=1 << 29, spool=1 << 24, stack=1 << 27, spares=1)


def pool(limits=SMALL, handler="opened", **more):
    return Pool(f"bounded_handlers:{handler}", Path("here"), limits, **more)


def run(test, *arguments, **more):
    """Run a coroutine function with a pool that is started."""

    async def inside():
        async with pool(*arguments, **more) as started:
            return await test(started)

    return looped(inside())


async def ended(job):
    """How a job ends: its answer's size, or the kind of refusal."""
    try:
        with await job as done:
            return done.size
    except MaillageError as error:
        return type(error)


@pytest.mark.parametrize("fork", [pytest.param(True, marks=linux), False])
@pytest.mark.parametrize("size", [0, 10, 65_536, 65_537, 3_000_000])
def test_an_answer_comes_whole_whatever_its_size(fork, size):
    async def test(pool):
        for _ in range(2):  # the second time in a worker that has answered before
            with await pool.do({"size": size}) as done:
                assert done.size == size
                parts = list(done.body())
                assert b"".join(parts) == (b"0123456789abcde\n" * (size // 16 + 1))[:size]
                assert max(map(len, parts), default=0) <= 65_536
                assert b"".join(done.body()) == b"".join(parts)
                assert done.meta["folder"] == "here"
                assert done.lane == "fast"
        return pool.numbers()

    limits = Limits(fast=20, fast_workers=1, slow_workers=1, spares=0, stack=1 << 27)
    assert run(test, limits, fork=fork)["kept_bytes"] == 0


def test_a_job_that_does_not_end_is_ended_and_nobody_else_notices():
    async def test(pool):
        started = time.monotonic()
        bad = asyncio.ensure_future(ended(pool.do({"sleep": 60}, "bad")))
        good = [await ended(pool.do({"size": 5, "n": n}, "good")) for n in range(200)]
        assert good == [5] * 200
        assert await bad is TimedOut
        assert 1.2 < time.monotonic() - started < 10
        return pool.numbers()

    numbers = run(test)
    assert numbers["killed"] == 2  # once in each lane
    assert numbers["died"] == 0


def test_a_heavy_job_moves_to_the_slow_lane_and_is_known_there():
    async def test(pool):
        for _ in range(2):
            with await pool.do({"sleep": 0.6}) as done:
                assert done.lane == "slow"
                assert 0.6 <= done.seconds < 1
        return pool.numbers()["killed"]

    assert run(test) == 1


def test_a_job_that_was_slow_by_accident_is_not_held_for_heavy():
    async def test(pool):
        job = {"size": 1}
        pool._heavy.late(pool_digest(job), kind=False)
        lanes = []
        for _ in range(2):
            with await pool.do(job) as done:
                lanes.append(done.lane)
        return lanes

    assert run(test) == ["slow", "fast"]


def pool_digest(job):
    import json
    from hashlib import sha256

    return sha256(json.dumps(job).encode()).hexdigest()


def test_jobs_of_a_kind_that_took_long_leave_the_fast_lane_to_others():
    async def lane(pool, kind, *, long=False, **job):
        with await pool.do(job, kind=kind, long=long) as done:
            return done.lane

    async def test(pool):
        assert await lane(pool, "a", sleep=1.0) == "slow"  # tried in the fast one, and ended there
        after = [await lane(pool, "a", size=n) for n in range(9)]
        assert after == ["slow"] * 8 + ["fast"]  # so many in a row were quick
        # one that does end in time, but took most of it, is the last of its kind there
        assert await lane(pool, "b", sleep=0.5) == "fast"
        assert await lane(pool, "b", size=1) == "slow"
        assert await lane(pool, "c", size=1) == "fast"
        # what may be long is tried there when it has proved to be quick
        lanes = [await lane(pool, "e", long=True, size=n) for n in range(9)]
        assert lanes == ["slow"] * 8 + ["fast"]
        # who waited in the fast lane when that became known does not go on there
        crowd = (lane(pool, "d", sleep=1.0, n=n) for n in range(6))
        assert await asyncio.gather(*crowd) == ["slow"] * 6
        return pool.numbers()["killed"]

    # one, and of the crowd as many as there are workers
    limits = replace(SMALL, fast=0.8, slow=4.0, slow_workers=6)
    assert run(test, limits) == 1 + limits.fast_workers


def test_one_lane_with_workers_that_take_long_to_open():
    limits = Limits(slow=2.0, slow_workers=2, spares=0, stack=1 << 27, fast=0.01)

    async def test(pool):
        with await pool.do({"sleep": 0.1}) as done:
            return done.lane, done.seconds, sum(pool.numbers()[n] for n in ("restarts", "killed"))

    lane, seconds, ends = run(test, limits, lanes=("pages",), settings={"opening": 0.5})
    assert (lane, ends) == ("pages", 0)
    assert seconds < 0.4  # workers open before they are offered jobs


@pytest.mark.parametrize(
    ("job", "signal", "reason"),
    [
        ({"memory": 1 << 31}, signal.SIGABRT, "memory"),
        ({"signal": 6}, 6, "memory"),
        ({"signal": 11}, 11, "stack"),
        ({"exit": 3}, 0, ""),
        ({"exit": 0}, 0, ""),
    ],
)
def test_a_worker_that_breaks_down_takes_only_its_job(job, signal, reason):
    async def test(pool):
        others = [asyncio.ensure_future(ended(pool.do({"sleep": 0.1, "n": n}))) for n in range(4)]
        with pytest.raises(Died) as death:
            await pool.do(job)
        assert (death.value.signal, death.value.reason) == (signal, reason)
        assert await asyncio.gather(*others) == [0] * 4
        assert await ended(pool.do({"size": 3})) == 3
        return pool.numbers()["died"]

    if "memory" in job and not LINUX:
        pytest.skip("no limit of memory here")
    assert run(test) == 1


def test_a_handler_that_raises_is_told_in_the_log_only():
    async def test(pool):
        with pytest.raises(Died) as death:
            await pool.do({"broken": "a secret of the house"})
        return death.value, pool.numbers()["restarts"]

    death, restarts = run(test)
    assert "a secret of the house" in death.reason
    assert "secret" not in str(death)
    assert restarts == 0  # the worker itself is well


def test_what_is_wrong_with_a_request_is_told_with_its_place():
    async def test(pool):
        with pytest.raises(Fault) as fault:
            await pool.do({"fault": "oh"})
        return fault.value

    fault = run(test)
    assert (fault.key, fault.line, fault.column) == ("not-sparql", 2, 7)
    assert fault.values == {"reason": "oh"}
    assert "oh" in fault.text("zh")


def test_the_stack_is_deep_and_what_is_deeper_ends_that_worker_only():
    async def test(pool):
        with await pool.do({"parse": "ASK " + "{" * 6_000}) as done:
            assert done.meta == {"refused": True}
        assert await ended(pool.do({"parse": "ASK " + "{" * 2_000_000})) in {Died, TimedOut}
        return await ended(pool.do({"size": 1}))

    assert run(test, Limits(fast=30, slow=30, stack=1 << 28)) == 1


def test_an_answer_that_is_too_long_is_none():
    async def test(pool):
        limit = SMALL.spool
        assert await ended(pool.do({"size": limit})) == limit
        with pytest.raises(TooLarge) as large:
            await pool.do({"size": limit + 1})
        assert large.value.limit == limit
        with await pool.do({"size": 100_000}) as done:  # the same file serves again
            assert len(done.read()) == 100_000
        return pool.numbers()["restarts"]

    assert run(test, Limits(fast=30, spool=SMALL.spool, fast_workers=1)) == 0


def test_a_long_answer_is_not_held_in_memory():
    size = 1 << 27

    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    async def test(pool):
        await ended(pool.do({"size": 1}))
        before = resident()
        with await pool.do({"size": size}) as done:
            assert pool.numbers()["kept_bytes"] == size
            assert sum(map(len, done.body())) == size
            most = resident()
        assert pool.numbers()["kept_bytes"] == 0
        return most - before

    if LINUX:
        assert run(test, Limits(fast=60)) < size // 8


@sealed
@pytest.mark.parametrize("attempt", bounded_handlers.ATTEMPTS)
def test_a_worker_can_reach_nothing(attempt):
    async def test(pool):
        with await pool.do({"attempt": attempt}) as done:
            return done.meta["ended"]

    limits = Limits(fast=30, fast_workers=1, slow_workers=1, spares=0, stack=1 << 27)
    assert run(test, limits) == "EPERM"


@sealed
@pytest.mark.parametrize("attempt", bounded_handlers.NEEDED)
def test_a_worker_can_do_its_work(attempt):
    async def test(pool):
        with await pool.do({"attempt": attempt}) as done:
            return done.meta["ended"]

    assert run(test) == "done"


@sealed
@pytest.mark.parametrize("attempt", ["socket", "fork", "write", "program", "exec", "limits"])
def test_the_same_is_possible_outside_of_a_worker(attempt):
    """Otherwise the tests above would prove nothing."""
    code = f"import bounded_handlers as b; print(b.attempted({attempt!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "done"


@sealed
def test_threads_from_before_the_doors_were_closed_are_held_too():
    async def test(pool):
        with await pool.do({"early": True}) as done:
            return done.meta["ended"]

    assert run(test) == "EPERM"


def test_secrets_of_the_server_are_not_the_workers(monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "x")
    monkeypatch.setenv("MAILLAGE_BASE", "https://example.org/")

    async def test(pool):
        with await pool.do({}) as done:
            return done.meta["environment"]

    environment = run(test)
    assert "DATABASE_PASSWORD" not in environment
    assert environment["MAILLAGE_BASE"] == "https://example.org/"


def gone(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@linux
def test_a_server_that_is_killed_leaves_nobody_behind():
    with subprocess.Popen(
        [sys.executable, bounded_handlers.__file__],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as server:
        pids = [int(pid) for pid in server.stdout.readline().split()]
        assert len(pids) == 6
        assert not any(gone(pid) for pid in pids)
        server.kill()
        server.wait()
        for _ in range(100):
            if all(gone(pid) for pid in pids):
                break
            time.sleep(0.05)
        assert all(gone(pid) for pid in pids)


@linux
@pytest.mark.parametrize("whom", ["worker", "nursery"])
def test_a_worker_that_somebody_kills_is_replaced_and_its_job_done_again(whom):
    async def test(pool):
        for _ in range(3):
            job = asyncio.ensure_future(pool.do({"sleep": 0.2, "size": 9}))
            await asyncio.sleep(0.1)
            (busy,) = [link for link in pool._watched if link._answer and not link._answer.done()]
            os.kill(busy.pid if whom == "worker" else pool._bearer._process.pid, signal.SIGKILL)
            assert await ended(job) == 9
        return pool.numbers()

    numbers = run(test, Limits(fast=20, stack=1 << 27))
    assert numbers["died"] == 0
    assert numbers["restarts"] >= 3


@linux
def test_signals_for_the_server_are_not_for_the_workers():
    async def test(pool):
        for link in list(pool._watched):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                os.kill(link.pid, number)
        await asyncio.sleep(0.1)
        assert [await ended(pool.do({"size": 2, "n": n})) for n in range(9)] == [2] * 9
        return pool.numbers()["restarts"]

    assert run(test) == 0


def test_a_client_that_goes_away_takes_its_job_along():
    async def test(pool):
        for lane in ("fast", "slow"):
            job = asyncio.ensure_future(pool.do({"sleep": 60, "lane": lane}))
            await asyncio.sleep(0.1 if lane == "fast" else 0.6)
            assert pool.numbers()[f"running_{lane}"] == 1
            job.cancel()
            with pytest.raises(asyncio.CancelledError):
                await job
            assert pool.numbers()["running"] == 0
        return await ended(pool.do({"size": 1}))

    assert run(test) == 1


def test_who_waits_and_goes_away_leaves_the_queue():
    async def test(pool):
        running = asyncio.ensure_future(ended(pool.do({"sleep": 0.3})))
        await asyncio.sleep(0.05)
        waiting = [asyncio.ensure_future(pool.do({"n": n})) for n in range(3)]
        await asyncio.sleep(0.05)
        assert pool.numbers()["waiting"] == 3
        waiting[1].cancel()
        await asyncio.sleep(0)
        assert pool.numbers()["waiting"] == 2
        return [await running, *[await ended(job) for job in (waiting[0], waiting[2])]]

    limits = Limits(slow=20, slow_workers=1, spares=0, stack=1 << 27)
    assert run(test, limits, lanes=("only",)) == [0, 0, 0]


def test_patience_ends():
    async def test(pool):
        running = asyncio.ensure_future(ended(pool.do({"sleep": 1}, "a")))
        await asyncio.sleep(0.05)
        with pytest.raises(Busy) as busy:
            await pool.do({}, "b")
        assert 1 <= busy.value.retry_after <= 60
        return await running, pool.numbers()["refused"]

    limits = Limits(slow=20, slow_workers=1, spares=0, patience=0.2, stack=1 << 27)
    assert run(test, limits, lanes=("only",)) == (0, 1)


def test_a_client_may_ask_only_so_much_at_once():
    async def test(pool):
        jobs = [pool.do({"sleep": 0.05, "n": n}, "greedy") for n in range(6)]
        others = [pool.do({}, "modest"), *(pool.do({"n": n}, "") for n in range(4))]
        return await asyncio.gather(*map(ended, [*jobs, *others]))

    limits = Limits(slow=20, slow_workers=1, spares=0, per_client=3, stack=1 << 27)
    assert run(test, limits, lanes=("only",)) == [0] * 3 + [TooMany] * 3 + [0] * 5


def test_a_thousand_short_jobs_at_once_are_all_done():
    async def test(pool):
        jobs = [pool.do({"size": 4, "n": n}, f"client {n % 50}") for n in range(1000)]
        return await asyncio.gather(*map(ended, jobs))

    assert run(test, Limits(fast=20, stack=1 << 27)) == [4] * 1000


def test_stopping_refuses_who_waits_and_lets_end_what_is_given_time():
    async def test():
        limits = Limits(slow=20, slow_workers=1, spares=0, stack=1 << 27)
        for grace, outcome in ((0, [Busy, Busy]), (10, [0, 0])):
            started = pool(limits, lanes=("only",))
            await started.start()
            jobs = [asyncio.ensure_future(ended(started.do({"sleep": 0.2, "n": n}))) for n in "ab"]
            await asyncio.sleep(0.05)
            await started.stop(grace=grace)
            assert await asyncio.gather(*jobs) == outcome
            assert await ended(started.do({})) is Busy

    looped(test())


@pytest.mark.parametrize(
    ("handler", "fork", "reason"),
    [
        pytest.param("cannot_open", True, "nothing in here", marks=linux),
        ("cannot_open", False, "nothing in here"),
        pytest.param("dies_opening", True, "", marks=linux),
        pytest.param("nowhere", True, "nowhere", marks=linux),
        ("nowhere", False, "nowhere"),
    ],
)
def test_a_pool_that_cannot_open_says_so(handler, fork, reason):
    async def test():
        with pytest.raises(MaillageError, match="No worker process could start") as error:
            await pool(handler=handler, fork=fork).start()
        assert reason in str(error.value)

    looped(test())


def test_a_worker_that_talks_nonsense_is_replaced():
    async def test(pool):
        outcome = await ended(pool.do({"garbage": True}))
        return outcome, await ended(pool.do({"size": 6}))

    assert run(test) == (Died, 6)


@pytest.mark.parametrize("forged", [{"fault": "not-sparql"}, {"large": "very"}])
def test_an_answer_that_is_none_of_the_pools_is_not_believed(forged):
    async def test(pool):
        outcome = await ended(pool.do({"forged": forged}))
        return outcome, [await ended(pool.do({"size": 6, "n": n})) for n in range(6)]

    assert run(test) == (Died, [6] * 6)


def test_what_follows_an_answer_is_not_the_answer_to_the_next_job():
    answer = frames.answer({"meta": {}}, frames.END, 2) + b"ab"
    assert frames.FrameReader().fed(answer).body == b"ab"
    with pytest.raises(ValueError, match="more than an answer"):
        frames.FrameReader().fed(answer + answer[:5])


def test_an_answer_that_nobody_took_away_makes_room_again():
    async def test(pool):
        done = await pool.do({"size": 100_000})
        kept = pool.numbers()["kept_bytes"]
        del done  # as when the request is cancelled in the moment in which the answer comes
        return kept, pool.numbers()["kept_bytes"]

    assert run(test, Limits(fast=20, stack=1 << 27)) == (100_000, 0)


def test_who_does_not_take_long_answers_keeps_nobody_else_from_theirs():
    long = {"size": 200_000}

    async def test(pool):
        held, ends = [], []
        for _ in range(4):
            try:
                held.append(await pool.do(long, "greedy"))
            except MaillageError as error:
                ends.append(type(error))
        other = [await ended(pool.do({"size": 100}, name)) for name in ("greedy", "modest")]
        second = await pool.do(long, "modest")
        third = await ended(pool.do(long, "other"))
        for done in (*held, second):
            done.close()
        return ends, other, third, await ended(pool.do(long, "greedy")), pool.numbers()

    limits = Limits(fast=20, stack=1 << 27, kept=1_000_000)
    ends, other, third, again, numbers = run(test, limits)
    assert ends == [TooMany, TooMany]  # half of the room is for whoever comes first
    assert other == [100, 100]  # short answers take none of it
    assert (third, again) == (200_000, 200_000)
    assert (numbers["kept_bytes"], numbers["refused"]) == (0, 2)


def test_room_that_is_gone_is_nobodys_fault_who_has_none_of_it():
    async def test(pool):
        with await pool.do({"size": 100_000}, "first"):
            return await ended(pool.do({"size": 200_000}, "second"))

    assert run(test, Limits(fast=20, stack=1 << 27, kept=400_000)) == Busy


@linux
def test_arithmetic_starts_no_threads_in_the_nursery_nor_in_a_worker():
    async def test():
        limits = Limits(slow_workers=1, spares=0, slow=20, stack=1 << 27)
        async with Pool("bounded_numbers:opened", Path(), limits, lanes=("only",)) as pool:
            with await pool.do({"size": 600}) as done:
                assert done.meta["sum"] == 600.0**3
                return bounded_numbers.threads(pool._bearer._process.pid), done.meta["threads"]

    # the nursery's own; the worker's first, and the one whose stack is deep
    assert looped(test()) == (1, 2)


@linux
def test_a_pool_that_stops_leaves_no_dead_to_the_first_process():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # as the first process of a container is
    try:
        before = dead_children()
        run(lambda pool: ended(pool.do({})))
        assert dead_children() == before
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


PR_SET_CHILD_SUBREAPER = 36


def dead_children():
    """Processes of ours that ended and that nobody has waited for."""
    found = set()
    for process in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent, *_ = process.read_text().rpartition(")")[2].split()
            if (state, int(parent)) == ("Z", os.getpid()):
                found.add(process.parent.name)
    return found


@pytest.mark.parametrize(
    "bad", [b"\xff" * 64, b"\x02\x00\x00\x00" + bytes(8) + b"\x00[]", b"x" * 99]
)
def test_what_is_no_frame_is_not_read(bad):
    with pytest.raises(ValueError, match=r"something else|Expecting"):
        frames.FrameReader().fed(bad)


@linux
def test_protections_are_told_as_they_are(monkeypatch):
    async def test(pool):
        return dict(pool.protections)

    told = run(test)
    assert tuple(told) == confine.PROTECTIONS
    assert told["memory"] and told["orphans"] and told["deadline"]
    assert told["network"] == told["exec"] == filters.available()
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert not filters.available()
    assert not filters.install()


# ---- who is next -------------------------------------------------------------------------------


def lane(size=1, most=100, each=0):
    clock = [0.0]
    spent = Spent(lambda: clock[0])
    made = Lane("l", deadline=5.0, size=size, most=most, each=each, spent=spent)
    return made, spent, clock


def test_clients_take_turns():
    async def test():
        made, _, clock = lane()
        order = []

        async def job(client, number):
            worker = await made.turn(client, 60)
            order.append(f"{client}{number}")
            clock[0] += 1
            made.give(worker, client, 1.0)

        asks = [("a", 1), ("a", 2), ("a", 3), ("a", 4), ("b", 1), ("b", 2), ("c", 1)]
        jobs = [asyncio.ensure_future(job(*ask)) for ask in asks]
        await asyncio.sleep(0)
        made.give(object())
        await asyncio.gather(*jobs)
        return order

    assert looped(test()) == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


def test_who_asks_short_questions_passes_who_asks_long_ones_and_this_is_forgotten():
    spent = Spent(lambda: clock[0])
    clock = [0.0]
    spent.add("long", 5.0)
    spent.add("short", 0.01)
    assert spent.of("long") > spent.of("short") > spent.of("new") == 0
    clock[0] = 100.0
    assert spent.of("long") < 0.01
    for n in range(10_000):
        spent.add(f"client {n}", 0.001)
    assert len(spent._taken) <= 4096


def test_a_full_queue_refuses_whoever_fills_it():
    async def test():
        made, _, _ = lane(most=4)
        greedy = [asyncio.ensure_future(made.turn("greedy", 60)) for _ in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await made.turn("greedy", 60)
        modest = asyncio.ensure_future(made.turn("modest", 60))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await greedy[3]
        assert made.waiting == 4
        made.dismiss()
        return [await asyncio.gather(job, return_exceptions=True) for job in (*greedy[:3], modest)]

    assert all(isinstance(e, Busy) for (e,) in looped(test()))


# ---- all together ------------------------------------------------------------------------------

BOMB = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c{0} . ?d ?e ?f{0} . ?g ?h ?i{0} . ?j ?k ?l{0} }}"


def test_eight_clients_that_ask_for_too_much_do_not_keep_out_the_ninth(tmp_path):
    nquads = "".join(f'<http://e/s{n}> <http://e/p> "{n}" <http://e/g> .\n' for n in range(3000))
    (tmp_path / "all.nq").write_text(nquads)
    write_folder([tmp_path / "all.nq"], tmp_path / "store")
    seconds = 12.0

    async def bomb(pool, name, end):
        ends = []
        number = 0
        while time.monotonic() < end:
            number += 1
            ends.append(await ended(pool.do({"query": BOMB.format(f"{name}x{number}")}, name)))
            if ends[-1] in {Busy, TooMany}:
                await asyncio.sleep(0.01)
        return ends

    async def test():
        made = Pool("maillage.bounded.sparql:opened", tmp_path / "store", Limits())
        async with made as started:
            end = time.monotonic() + seconds
            bombers = [asyncio.ensure_future(bomb(started, f"b{n}", end)) for n in range(8)]
            await asyncio.sleep(0.5)
            times = []
            number = 0
            while time.monotonic() < end:
                number += 1
                query = f"SELECT ?o {{ <http://e/s{number % 3000}> ?p ?o }}"
                asked = time.monotonic()
                with await started.do({"query": query}, "good") as done:
                    assert done.meta["count"] == 1
                times.append(time.monotonic() - asked)
                await asyncio.sleep(0.05)
            for bomber in bombers:
                bomber.cancel()
            await asyncio.gather(*bombers, return_exceptions=True)
            return times, started.numbers()

    times, numbers = looped(test())
    assert len(times) > seconds  # none was refused, or the test would have raised
    assert numbers["killed"] > 8
    assert statistics.quantiles(times, n=20)[-1] <= 1.0
