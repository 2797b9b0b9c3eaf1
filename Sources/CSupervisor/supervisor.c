// SPDX-License-Identifier: Apache-2.0
// fork and exec with what posix_spawn cannot say: a parent-death signal, and a double fork. Between fork and exec only
// async-signal-safe calls are made, because the caller has threads.
#define _GNU_SOURCE
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

// What the child writes into the pipe: its pid once it runs, or the errno that stopped it.
struct result {
    pid_t pid;
    int error;
};

static void tell(int pipe_end, pid_t pid, int error) {
    struct result result = {pid, error};
    ssize_t written;
    do {
        written = write(pipe_end, &result, sizeof result);
    } while (written < 0 && errno == EINTR);
}

static void close_from(int first, int keep) {
#if defined(__linux__) && defined(SYS_close_range)
    // 0x4: CLOSE_RANGE_CLOEXEC would do for exec; closing at once also covers the time until then.
    if ((keep <= first || syscall(SYS_close_range, first, keep - 1, 0) == 0) &&
        syscall(SYS_close_range, keep + 1, ~0U, 0) == 0) {
        return;
    }
#endif
    long limit = sysconf(_SC_OPEN_MAX);
    if (limit < 0 || limit > 65536) limit = 65536;
    for (int descriptor = first; descriptor < limit; descriptor++) {
        if (descriptor != keep) close(descriptor);
    }
}

// Returns only with a failure. A program that was written a moment ago may still be open for writing in a child that
// another thread has just forked: "text file busy" is over as soon as that child has executed its own program.
static void execute(const struct ns_spawn *request) {
    const struct timespec pause = {0, 1000000};
    for (int tries = 0; tries < 2000; tries++) {
        execve(request->path, request->argv, request->envp);
        if (errno != ETXTBSY) return;
        nanosleep(&pause, NULL);
    }
    errno = ETXTBSY;
}

static void run_child(const struct ns_spawn *request, int report, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (request->own_session && setsid() < 0) goto failed;
#ifdef __linux__
    if (request->dies_with_parent) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) goto failed;
        if (getppid() != parent) _exit(127);  // it died before the signal was armed
    }
#endif
    int null = open("/dev/null", O_RDWR);
    if (null < 0) goto failed;
    int output = request->output >= 0 ? request->output : null;
    // The report pipe must not sit where stdin, stdout or stderr go.
    int moved = fcntl(report, F_DUPFD_CLOEXEC, 3);
    if (moved < 0) goto failed;
    report = moved;
    int source = fcntl(output, F_DUPFD_CLOEXEC, 3);
    if (source < 0) goto failed;
    if (dup2(null, 0) < 0 || dup2(source, 1) < 0 || dup2(source, 2) < 0) goto failed;
    if (request->directory != NULL && chdir(request->directory) != 0) goto failed;
    close_from(3, report);
    fcntl(report, F_SETFD, FD_CLOEXEC);
    if (request->detached) tell(report, getpid(), 0);
    execute(request);
failed:
    tell(report, -1, errno);
    _exit(127);
}

pid_t ns_spawn(const struct ns_spawn *request) {
    int ends[2];
#ifdef __linux__
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
#else
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#endif
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        errno = error;
        return -1;
    }
    if (child == 0) {
        if (request->detached) {
            pid_t second = fork();
            if (second < 0) tell(ends[1], -1, errno);
            if (second != 0) _exit(0);
        }
        run_child(request, ends[1], parent);
    }
    close(ends[1]);
    pid_t pid = child;
    int error = 0;
    struct result result;
    ssize_t count;
    for (;;) {
        count = read(ends[0], &result, sizeof result);
        if (count < 0 && errno == EINTR) continue;
        if (count != (ssize_t)sizeof result) break;
        if (result.error != 0) error = result.error;
        else pid = result.pid;
    }
    close(ends[0]);
    if (request->detached || error != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    }
    if (error != 0) {
        errno = error;
        return -1;
    }
    return pid;
}

int ns_become_subreaper(void) {
#ifdef __linux__
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#else
    return 0;
#endif
}
