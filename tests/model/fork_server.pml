/* SPDX-License-Identifier: Apache-2.0
 *
 * The protocol of src/proc/fork_server/fork_protocol.h as a model that is searched exhaustively. States, messages and Taken bear
 * the header's names, which a test compares (`pid_`: pid is a word of Promela).
 *
 * Read it as tables: each `atomic { WHEN -> WHAT }` of a process is one step, and steps of all processes mix freely.
 *   Bootstrap  B: a shell, settle, calls without an end, now and then a hook; limits and stops of calls at any time
 *   Shell      S: forks, waits, says so, reads an order
 *   ForkN      F_N, in one of two slots, which are its process number: pid, record, message, function, `end`
 *   Leftover   of a function: writes into the pipes of the outputs until it is swept
 * What goes wrong from outside is a step, too (MISHAP): forks and shell are killed at every step, with and without
 * their EXIT trap; `read` and `mapfile` bring nothing, and nobody is told; the file's code leaves with 0 before the
 * function; the shell's wait is cut short; its order cannot be read.
 *
 * What has to hold is a PROMISE (below), and that every call ends: nothing stands still, and under KILLS=… mishaps
 * nothing goes round without a call's end. Each guard can be left out (NO_…), which must break a promise.
 *
 * By hand:  spin -a -o3 fork_server.pml && cc -DSAFETY -DCOLLAPSE -o pan pan.c && ./pan -m300000
 *           spin -a -o3 -DKILLS=2 fork_server.pml && cc -DNP -DCOLLAPSE -o pan pan.c && ./pan -l -m300000
 *           for a trail: the first with -DNO_DRAIN -DONLY=LOSS, then spin -DNO_DRAIN -DONLY=LOSS -t -p -g …;
 *           for the shortest one: cc -DSAFETY -DBFS
 * Bounds: none for calls and, without KILLS, none for mishaps: forks count to 4 and events to 3, and then from 1
 * again. A call has the number of its event; in the program each record has a new one. The 100 ms of settle() may
 * pass at any time; the 5 s for a word of the shell never do: what waited for them would stand still here, which is an
 * error. LANES=2 has two shells beside each other, of which one meets the mishaps; CALLS=1: one call of each.
 */
#ifndef LANES
#define LANES 1
#endif
#ifdef KILLS
byte mishaps_left = KILLS;
#if LANES > 1 /* which are the same: the one that is hit is the first */
#define MISHAP_MAY_BE (mishaps_left > 0 && l == 0)
#else
#define MISHAP_MAY_BE (mishaps_left > 0)
#endif
#define MISHAP mishaps_left--
#else
#define MISHAP_MAY_BE true
#define MISHAP skip
#endif

/* What is promised. ONLY=… leaves out all promises but one, so that a test sees which of them a guard is for. */
#define RECORD 1  /* no record is taken by another fork than its own */
#define RUN 2     /* the function runs for the event of the call, at most once, and for nothing else */
#define SUCCESS 3 /* no success without a run that has succeeded */
#define LOSS 4    /* an event is lost only where a mishap excuses it */
#define WORDS 5   /* where an error says that nothing ran, nothing did */
#define REPLAY 6  /* at most two forks in place of others, and none once B has signalled the call */
#define BYTES 7   /* an answer has bytes of its own call only */
#define STATUS 8  /* a failure that is answered is that of a run, and never the driver's own */
#ifndef ONLY
#define ONLY 0
#endif
#define PROMISE(which, what) assert((what) || (ONLY != 0 && ONLY != which))

#ifdef CALLS /* of each lane; no hooks and no leftovers */
#define MAY_CALL (L.event < CALLS)
#define MAY_DO_MORE false
#else
#define MAY_CALL true
#define MAY_DO_MORE true
#endif

mtype:State = { preparing, forking, waiting, sent, ended, gone, broken };
mtype:word = { fork, hook, pid_, bad, end, wait };
mtype:Taken = { nothing, part, all };
mtype:shell = { forks, waits, reads, prepares, dead };
mtype:step = { absent, starting, reading, mapping, mapped, ready, leaving, running, returned, spoiling, over };
mtype:result = { none, begun, succeeded, failed };

/* Statuses: of the function, of the driver's own words, of who was ended by a signal. */
#define OK 0
#define FAILURE 1
#define OWN 2
#define SIGNAL 3

#define MOST_FORKS 4
#define EVENTS 3
#define NEXT(n, most) ((n) % (most) + 1)
#define REPLACEMENTS 2
#define TRIES 3
#define TERM 1
#define KILL 2
#define HOOKS_TEXT 9
#define NOBODY 2 /* no slot */

typedef Fork {
  mtype:step at = absent;
  byte number;       /* N */
  byte record_event; /* of the record that it has read: C; 0: it has none */
  byte message;      /* of the message that it has read: the event */
  byte call;         /* _shellstrap_call */
  bool is_closed;    /* the status pipe */
  bool term;         /* B has sent SIGTERM: it may end at each step from here on */
  byte status;       /* returned: of the function. over: what wait gets */
};

typedef Lane {
  /* What B and the others share: the pipes, and the message with the place up to which it was read. */
  chan orders = [1] of { mtype:word, byte };
  chan control = [2] of { byte, byte };
  chan status = [8] of { mtype:word, byte, byte, byte };
  byte message;
  mtype:Taken message_read = nothing;
  byte outputs; /* whose bytes are in the pipes: a bit for each event */

  mtype:shell shell = forks;
  byte shells_fork = 1;
  Fork f[2];
  byte leftover; /* of the run of which event; 0: there is none */

  /* ForkProtocol, and what goes with it */
  mtype:State state = preparing;
  byte current = 1; /* the fork that the state is about */
  byte call;
  byte value;
  bool was_sent;
  bool spoiled;
  byte known = NOBODY; /* who has said `pid` */

  /* Ghosts: what has really happened in the call. Between calls no excuse is noted: B makes up for it in time. */
  bool open;
  byte event;
  mtype:result ran = none;
  byte sends;
  byte kills;   /* of forks that had not taken the record */
  bool excused; /* the call may end without a status */
};
Lane lane[LANES];
#define L lane[l]
#define ME lane[l].f[me]
#define LIVES(who) (L.f[who].at != absent && L.f[who].at != over)
#define FORK_LIVES (L.known != NOBODY && L.f[L.known].at != absent && L.f[L.known].at != over)
#define FORK_HAS_ENDED (L.known != NOBODY && !FORK_LIVES)

/* What ends: a fork, by whatever means. */
inline die(who, how) {
  L.f[who].at = over;
  L.f[who].status = how;
  L.f[who].number = 0;
  L.f[who].record_event = 0;
  L.f[who].message = 0;
  L.f[who].call = 0;
  L.f[who].is_closed = false;
  L.f[who].term = false
}

inline forget(who) {
  die(who, 0);
  L.f[who].at = absent
}

inline kill_fork() {
  if
  :: FORK_LIVES -> die(L.known, SIGNAL)
  :: else
  fi
}

#include "bootstrap.pml"
#include "shell.pml"

init {
  byte l;
  atomic {
    for (l : 0 .. LANES - 1) {
      run Bootstrap(l);
      run Shell(l);
      run ForkN(l, 0);
      run ForkN(l, 1);
      run Leftover(l)
    }
    l = 0
  }
}
