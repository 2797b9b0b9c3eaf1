// SPDX-License-Identifier: Apache-2.0
#ifndef NIGHTSHIFT_SUPERVISOR_H
#define NIGHTSHIFT_SUPERVISOR_H

#include <sys/types.h>

// How a process is started. All strings and arrays are borrowed for the call.
struct ns_spawn {
    const char *path;         // executable; no search, no shell
    char *const *argv;        // NULL-terminated
    char *const *envp;        // NULL-terminated; the whole environment of the child
    const char *directory;    // working directory, or NULL
    int output;               // becomes stdout and stderr, or -1 for /dev/null
    int own_session;          // setsid: a session and process group of its own
    int dies_with_parent;     // SIGKILL when the *thread* that called ns_spawn ends (Linux; ignored elsewhere)
    int detached;             // forked twice: a child of init (or a subreaper), never a zombie of the caller
};

// Starts a process with default signal handling, an empty signal mask, stdin from /dev/null and no other descriptor.
// Answers its pid, or -1 with errno set: also when exec itself failed.
pid_t ns_spawn(const struct ns_spawn *request);

// Orphaned descendants become children of this process. 0, or -1 with errno set.
int ns_become_subreaper(void);

#endif
