/* SPDX-License-Identifier: Apache-2.0
 * B: the bootstrap, of fork_server.pml. What it believes (ForkProtocol), its lane (ForkLane), a call
 * (ForkServer::Call) and what is between two calls (ForkServer, ShellRunner).
 */

/* ---- What B hears: ForkProtocol::hear() ---------------------------------------------------------------------- */
inline doubt() { L.state = broken }

inline hear_pid() {
  if
  :: L.state == preparing || L.state == forking -> L.state = waiting; L.known = of_value
  :: else -> doubt()
  fi
}

inline hear_end() {
  if
#ifndef NO_CALL_NUMBER
  :: of_call == 0 && L.state != ended && L.state != gone -> L.spoiled = true
  :: L.state == sent && of_call != 0 && of_call == L.call && !L.spoiled -> L.value = of_value; L.state = ended
#else
  :: L.state == sent -> L.value = of_value; L.state = ended
#endif
  :: else -> doubt()
  fi
}

/* Who has not said `pid` is looked for among the shell's children. */
#ifndef NO_ENDED
#define HAS_ENDED FORK_HAS_ENDED
#else
#define HAS_ENDED true
#endif
#ifndef NO_UNNAMED_ENDED
#define NOBODY_LIVES (!LIVES(0) && !LIVES(1))
#else
#define NOBODY_LIVES true
#endif
inline hear_wait() {
  if
  :: (L.state == forking && NOBODY_LIVES) ||
     ((L.state == waiting || L.state == sent || L.state == ended) && HAS_ENDED) ->
    if
    :: L.state != ended -> L.value = of_value
    :: else
    fi
    L.state = gone
  :: else -> doubt()
  fi
}

inline hear() {
  L.status?said,of_fork,of_call,of_value;
  if
  :: of_fork != L.current || L.state == broken -> doubt()
  :: else ->
    if
    :: said == pid_ -> hear_pid()
    :: said == end -> hear_end()
    :: said == wait -> hear_wait()
    :: said == bad && (L.state == waiting || L.state == sent) -> L.spoiled = true
    :: else -> doubt()
    fi
  fi
  said = fork; of_fork = 0; of_call = 0; of_value = 0
}

/* ---- Lane: ForkLane ------------------------------------------------------------------------------------------ */
inline fill() {
  if
  :: L.message == 0 -> L.message = L.event
  :: else /* it was not cleared: the event stands behind what is there */
  fi
  L.message_read = nothing
}

inline clear() {
#ifndef NO_CLEAR
  L.message = 0;
#endif
  L.message_read = nothing
}

inline drain_control() {
#ifndef NO_DRAIN
  do
  :: nempty(L.control) -> L.control?_,_
  :: empty(L.control) -> break
  od
#else
  skip
#endif
}

inline forget_fork() {
  L.known = NOBODY;
  drain_control();
  clear()
}

inline recycle() {
#ifndef NO_DISCARD
  L.outputs = 0;
#endif
  forget_fork()
}

inline order(what, next_state) {
  assert(L.state == gone);
  L.call = 0;
  L.current = NEXT(L.current, MOST_FORKS);
  L.value = 0;
  L.was_sent = false;
  L.spoiled = false;
  L.state = next_state;
  L.orders!what,L.current
}

inline take() {
  if
  :: len(L.control) == 1 && L.message_read == nothing -> taken = nothing
  :: len(L.control) == 0 && L.message_read == all -> taken = all
  :: else -> taken = part
  fi
}

/* ---- B ------------------------------------------------------------------------------------------------------- */
/* Another shell, with pipes of its own: who lives on the old ones is out of the way. */
inline replace_shell() {
  kill_fork();
  do
  :: nempty(L.orders) -> L.orders?_,_
  :: empty(L.orders) -> break
  od;
#ifndef NO_NEW_PIPES
  do
  :: nempty(L.status) -> L.status?_,_,_,_
  :: empty(L.status) -> break
  od;
  do
  :: nempty(L.control) -> L.control?_,_
  :: empty(L.control) -> break
  od;
  L.message = 0;
  L.message_read = nothing;
  L.outputs = 0;
  L.leftover = 0;
  forget(0);
  forget(1);
#else
  recycle();
#endif
  L.known = NOBODY;
  L.shell = forks;
  L.shells_fork = 1;
  L.state = preparing;
  L.current = 1;
  L.call = 0;
  L.value = 0;
  L.was_sent = false;
  L.spoiled = false
}

inline send() {
  assert(L.state == waiting);
  PROMISE(REPLAY, signalled == 0 && L.sends <= REPLACEMENTS);
  if
  :: L.sends <= REPLACEMENTS -> L.sends++
  :: else
  fi;
  fill();
  L.call = L.event;
  L.was_sent = true;
  L.state = sent;
  L.control!L.current,L.event
}

inline lose_unrun() {
  PROMISE(WORDS, L.ran == none);
  is_lost = true
}

inline judge_gone() {
  taken = nothing;
  if
  :: L.was_sent -> take()
  :: else
  fi
  if
#ifndef NO_TAKEN
  :: taken == nothing ->
#else
  :: true ->
#endif
    if
#ifndef NO_SIGNALLED
    :: signalled != 0 -> lose_unrun()
#endif
#ifndef NO_REPLAY_LIMIT
    :: replacements == 0 -> lose_unrun()
#endif
    :: else ->
      if
      :: replacements > 0 -> replacements--
      :: else
      fi
      forget_fork();
      order(fork, forking)
    fi
#ifndef NO_TAKEN
#ifndef NO_SPOILED
  :: taken == part || (taken == all && L.spoiled) -> lose_unrun()
  :: taken == all && !L.spoiled -> is_over = true
#else
  :: taken == part -> lose_unrun()
  :: taken == all -> is_over = true
#endif
#endif
  fi
  taken = nothing
}

inline signal_group(signal) {
  signalled = signal;
  if
  :: L.state == forking || L.state == waiting || (L.state == sent && FORK_HAS_ENDED) -> is_lost = true
  :: else ->
    if
    :: signal == TERM && FORK_LIVES -> L.f[L.known].term = true
    :: signal == KILL -> kill_fork()
    :: else
    fi
  fi
}

/* Call::finish(), and what becomes of it in the answer. */
inline finish() {
  if
  :: L.state == ended || L.state == gone || (signalled != 0 && FORK_HAS_ENDED)
  :: else -> kill_fork(); doubt()
  fi
}

inline answer() {
  PROMISE(BYTES, (L.outputs & ~(1 << L.event)) == 0);
  L.outputs = 0;
  if
  :: signalled != 0 /* the answer is that it was ended */
  :: signalled == 0 && is_lost && L.state != ended -> PROMISE(LOSS, L.excused || L.kills > REPLACEMENTS)
  :: else ->
    PROMISE(SUCCESS, L.value != OK || L.ran == succeeded);
    PROMISE(STATUS, L.value != FAILURE || L.ran == failed);
    PROMISE(STATUS, L.value != OWN)
  fi
  L.value = 0;
  L.open = false;
  L.ran = none;
  L.sends = 0;
  L.kills = 0;
  L.excused = false
}

inline open_call() {
  L.open = true;
  L.event = NEXT(L.event, EVENTS);
  L.excused = false;
  /* Killed before, and not yet noticed: that costs a replacement. */
  L.kills = (FORK_LIVES && L.f[L.known].at == reading -> 0 : 1)
}

proctype Bootstrap(byte l) {
  mtype:word said = fork;
  byte of_fork, of_call, of_value;
  mtype:Taken taken = nothing;
  byte signalled, replacements, tries;
  bool is_lost, is_over, is_unsettled;

end_idle:
  do
  :: atomic { nempty(L.status) -> hear() }
  :: atomic { L.state == broken || (L.shell == dead && empty(L.status)) -> replace_shell(); is_unsettled = false }
  :: atomic { MAY_CALL && empty(L.status) && L.shell != dead && (L.state == waiting || L.state == gone) ->
       open_call(); goto progress_call }
  :: atomic { MAY_DO_MORE && empty(L.status) && L.state == waiting && L.shell != dead -> goto progress_hook }
  od;

  /* prepare_again() */
progress_hook:
  kill_fork();
  do
  :: atomic { nempty(L.status) && L.state != gone -> hear() }
  :: atomic { L.state == gone -> recycle(); L.message = HOOKS_TEXT; order(hook, preparing); break }
  :: atomic { L.state == broken || (L.shell == dead && empty(L.status)) -> doubt(); goto end_idle }
  od;
  do
  :: atomic { nempty(L.status) && L.state == preparing -> hear() }
#ifndef NO_HOOK_CLEAR
  :: atomic { L.state == waiting -> clear(); goto end_idle }
#else
  :: atomic { L.state == waiting -> goto end_idle }
#endif
  :: atomic { L.state == broken || (L.shell == dead && empty(L.status)) -> doubt(); goto end_idle }
  od;

progress_call:
  tries = TRIES;

settle:
  do
  :: atomic { is_unsettled && nempty(L.status) && L.state != gone -> hear() }
  :: atomic { is_unsettled && L.state != gone && FORK_LIVES -> kill_fork() }
  :: atomic { is_unsettled && (L.state == gone || L.state == broken) ->
#ifndef NO_SWEEP
       L.leftover = 0;
#endif
       is_unsettled = false }
  :: atomic { is_unsettled && L.shell == dead && empty(L.status) -> is_unsettled = false; doubt() }
  :: atomic { !is_unsettled && nempty(L.status) -> hear() }
  :: atomic { !is_unsettled && L.state == gone && empty(L.status) && L.shell != dead && tries > 0 ->
       tries--; recycle(); order(fork, forking) }
  :: atomic { !is_unsettled && L.state == gone && tries == 0 -> doubt() }
  :: atomic { !is_unsettled && (L.state == broken || (L.shell == dead && empty(L.status))) ->
       doubt(); tries = 0;
       if
       :: L.open -> is_lost = true; answer(); is_lost = false
       :: else
       fi
       goto end_idle }
  :: atomic { !is_unsettled && L.state == waiting -> tries = 0; break }
  od;
  if
  :: atomic { !L.open -> goto end_idle }
  :: atomic { L.open -> replacements = REPLACEMENTS }
  fi;

  /* Call, in supervise() */
  do
  :: atomic { is_lost || is_over || L.state == ended -> break }
  :: atomic { !is_lost && nempty(L.status) -> hear() }
  :: atomic { !is_lost && L.state == waiting ->
       if
       :: L.shell == dead -> is_lost = true
       :: else -> send()
       fi }
  :: atomic { !is_lost && L.state == gone && !is_over -> judge_gone() }
#ifndef NO_WATCH
  :: atomic { !is_lost && L.shell == dead && empty(L.status) -> is_lost = true }
#endif
  :: atomic { !is_lost && L.state == broken -> is_lost = true }
  :: atomic { !is_lost && !is_over && (L.state == forking || L.state == sent) && signalled == 0 ->
       signal_group(TERM) }
  :: atomic { !is_lost && !is_over && (L.state == forking || L.state == sent) && signalled == TERM ->
       signal_group(KILL) }
  od;
  atomic {
    finish(); answer();
    is_lost = false; is_over = false; signalled = 0; replacements = 0;
    is_unsettled = true; tries = TRIES;
    goto settle
  }
}
