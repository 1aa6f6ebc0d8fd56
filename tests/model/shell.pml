/* SPDX-License-Identifier: Apache-2.0
 * S and its forks, of fork_server.pml: src/handler/shell/shell_driver.bash; and what its functions leave running.
 */

/* ---- S ------------------------------------------------------------------------------------------------------- */

inline say(what_, n_, c_, v_) {
  assert(nfull(L.status) || ONLY != 0); /* the channel stands for a pipe that is never full */
  L.status!what_,n_,c_,v_
}

inline fork_into(who) {
  forget(who);
  L.f[who].at = starting;
  L.f[who].number = L.shells_fork;
  child = who;
  L.shell = waits
}

proctype Shell(byte l) {
  mtype:word what = fork;
  byte number;
  bit child;

end_shell:
  do
  :: atomic { L.shell == forks && !LIVES(0) -> fork_into(0) }
  :: atomic { L.shell == forks && LIVES(0) && !LIVES(1) -> fork_into(1) }
  :: atomic { L.shell == waits && L.f[child].at == over ->
       say(wait, L.shells_fork, 0, L.f[child].status); forget(child); L.shell = reads }
  :: atomic { L.shell == waits && LIVES(child) && MISHAP_MAY_BE -> /* cut short */
       MISHAP; L.excused = L.open;
       say(wait, L.shells_fork, 0, SIGNAL); L.shell = reads }
  :: atomic { L.shell == reads && nempty(L.orders) ->
       L.orders?what,number;
       if
       :: number == NEXT(L.shells_fork, MOST_FORKS) ->
         L.shells_fork = number;
         L.shell = (what == hook -> prepares : forks)
       :: else -> L.shell = dead; L.excused = L.open
       fi;
       what = fork; number = 0 }
  :: atomic { L.shell == reads && MISHAP_MAY_BE -> /* read brings nothing */
       MISHAP; L.excused = L.open;
#ifndef NO_ORDER_NUMBER
       L.shell = dead }
#else
       L.shells_fork = NEXT(L.shells_fork, MOST_FORKS);
       L.shell = forks }
#endif
  :: atomic { L.shell == prepares -> L.message_read = all; L.shell = forks }
  :: atomic { L.shell != dead && MISHAP_MAY_BE -> /* killed, by whomever */
       MISHAP; L.excused = L.open; L.shell = dead }
  od
}

/* ---- F_N ----------------------------------------------------------------------------------------------------- */
/* A mishap before the record was taken costs a replacement; after it the call may have an error. */
#define HAS_TAKEN (ME.at != starting && ME.at != reading && !(ME.at == spoiling && ME.record_event == 0))
inline blame() {
  if
  :: HAS_TAKEN -> L.excused = L.open
  :: !HAS_TAKEN && L.open && L.kills <= REPLACEMENTS -> L.kills++
  :: else
  fi
}

/* The EXIT trap. */
inline say_end(v) {
  if
  :: ME.is_closed
  :: else -> say(end, ME.number, ME.call, v)
  fi
}

inline is_bad() {
  say(bad, ME.number, 0, 0);
  ME.at = spoiling
}

/* A control pipe has one reader, and what is in it was written for that one. */
inline read_record() {
  L.control?number,ME.record_event;
#ifndef NO_NUMBER
  if
  :: number == ME.number -> ME.at = mapping
  :: else -> is_bad()
  fi;
#else
  ME.at = mapping;
#endif
  PROMISE(RECORD, ME.at != mapping ||
                    (number == ME.number && L.known == me && L.open && ME.record_event == L.event));
  number = 0
}

/* So many parts as the record says; a record that is none has no number of them. */
inline check_count() {
#ifndef NO_COUNT
  if
  :: (ME.message != 0) == (ME.record_event != 0) -> ME.at = ready
  :: else -> is_bad()
  fi
#else
  ME.at = ready
#endif
}

inline begin() {
  PROMISE(RUN, L.open && L.ran == none && ME.record_event == L.event && ME.message == L.event);
  L.ran = begun;
  L.outputs = L.outputs | (1 << L.event);
  ME.is_closed = true;
  ME.call = ME.record_event;
  ME.at = running;
  if
  :: MAY_DO_MORE -> L.leftover = L.event
  :: true
  fi
}

proctype ForkN(byte l; bit me) {
  byte number;

end_fork:
  do
  :: atomic { ME.at == starting -> say(pid_, ME.number, 0, me); ME.at = reading }
  :: atomic { ME.at == reading && nempty(L.control) -> read_record() }
  :: atomic { ME.at == reading && MISHAP_MAY_BE -> /* read brings nothing */
       MISHAP; blame();
#ifndef NO_NUMBER
       is_bad() }
#else
       ME.at = mapping }
#endif
  :: atomic { ME.at == mapping ->
       if
       :: L.message != 0 -> L.message_read = part
       :: else
       fi;
       ME.at = mapped }
  :: atomic { ME.at == mapping && MISHAP_MAY_BE -> /* mapfile brings nothing */
       MISHAP; blame(); check_count() }
  :: atomic { ME.at == mapped ->
       ME.message = L.message;
       if
       :: L.message != 0 -> L.message_read = all
       :: else
       fi;
       check_count() }
  :: atomic { ME.at == ready -> /* the redirections of the function's command, from the left */
#ifndef NO_CLOSE_FIRST
       ME.is_closed = true;
#else
       ME.call = ME.record_event;
#endif
       ME.at = leaving }
  :: atomic { ME.at == leaving -> begin() }
  :: atomic { ME.at == running -> ME.status = OK; L.ran = succeeded; ME.is_closed = false; ME.at = returned }
  :: atomic { ME.at == running -> ME.status = FAILURE; L.ran = failed; ME.is_closed = false; ME.at = returned }
  :: atomic { ME.at == running -> L.ran = succeeded; die(me, OK) } /* exit 0 */
  :: atomic { ME.at == running -> L.ran = failed; die(me, FAILURE) }
  :: atomic { ME.at == returned -> say(end, ME.number, ME.call, ME.status); die(me, ME.status) }
  :: atomic { ME.at == spoiling -> say_end(OWN); die(me, OWN) }

  :: atomic { LIVES(me) && MISHAP_MAY_BE -> MISHAP; blame(); die(me, SIGNAL) }
  :: atomic { LIVES(me) && (ME.term || MISHAP_MAY_BE) -> /* with its trap, for which `$?` is 0 */
       if
       :: ME.term
       :: else -> MISHAP; blame()
       fi;
       if
       :: ME.at == returned -> say_end(ME.status)
       :: else -> say_end(OK)
       fi;
       die(me, SIGNAL) }
  :: atomic { ME.at == ready && MISHAP_MAY_BE -> /* the file's code leaves before the function */
       MISHAP; blame(); say_end(OK); die(me, OK) }
  od
}

/* ---- What a function has left running ------------------------------------------------------------------------ */
proctype Leftover(byte l) {
end_leftover:
  do
  :: atomic { L.leftover != 0 && (L.outputs & (1 << L.leftover)) == 0 -> L.outputs = L.outputs | (1 << L.leftover) }
  od
}
